package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.stats.Snapshot;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Something in AWS that works against the worker, but does not keep it from its work.
 *
 * @param facts that belong to it, in their order
 */
record Warning(String text, Map<String, Object> facts) {
  Warning(String text) {
    this(text, Map.of());
  }

  /** Said of a bucket that does not exist: the worker goes on, and jobs that need it fail. */
  private static Warning noBucket(String name) {
    return new Warning(
            "the payload bucket does not exist: jobs and results that do not fit a message fail")
        .with("bucket", name);
  }

  /**
   * Said of a bucket, if anything is to be said of it.
   *
   * @param found its region, null if it does not exist
   */
  static Optional<Warning> ofBucket(String name, @Nullable String found, String region) {
    if (found == null) {
      return Optional.of(noBucket(name));
    }
    return found.equals(region)
        ? Optional.empty()
        : Optional.of(
            new Warning(
                    "the payload bucket is in another region: payloads are slower, and AWS bills"
                        + " their transfer between regions")
                .with("bucket", name)
                .with("bucket_region", found)
                .with("region", region));
  }

  /** Said of a state folder in which no note can be kept: the worker goes on without. */
  static Warning noState(Path folder, String problem) {
    return new Warning(
            "the state folder cannot be used: a job that kills the worker is then detected only by"
                + " its receive count; set STATE_DIRECTORY or XDG_STATE_HOME to a folder that can"
                + " be written")
        .with("folder", folder)
        .with("error", problem);
  }

  /** With one more fact. */
  Warning with(String name, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(facts);
    more.put(name, value);
    return new Warning(text, more);
  }

  /** As the page has it. */
  Snapshot.Problem problem() {
    return new Snapshot.Problem(text, factsText().strip());
  }

  void log(Logger log) {
    LoggingEventBuilder line = log.atWarn();
    for (Map.Entry<String, Object> fact : facts.entrySet()) {
      line = line.addKeyValue(fact.getKey(), fact.getValue());
    }
    line.log(text);
  }

  /** As it is printed. */
  @Override
  public String toString() {
    return text + factsText();
  }

  private String factsText() {
    return facts.entrySet().stream()
        .map(fact -> " " + fact.getKey() + "=" + fact.getValue())
        .collect(Collectors.joining());
  }
}
