package com.amazonaws.jobprocessor.config;

import static com.amazonaws.jobprocessor.config.Setting.CONCURRENCY;
import static com.amazonaws.jobprocessor.config.Setting.EXPECTED_JOB_EXECUTION_TIME_IN_SECS;
import static com.amazonaws.jobprocessor.config.Setting.POLL_WAIT_TIME_IN_SECS;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The values in effect: those given, and the defaults of the others. */
final class Values {
  private final Map<String, Given> given;
  private final String processors;

  /**
   * The values given, and the defaults of the others.
   *
   * @param given by key
   * @param processors the default of concurrency; cut to its range, since no machine should be
   *     refused
   */
  Values(Map<String, Given> given, int processors) {
    this.given = new LinkedHashMap<>(given);
    this.processors = Integer.toString(Math.clamp(processors, 1, 1_000));
  }

  /**
   * A value that a source gives.
   *
   * @param origin the source's name
   * @param accepted false if a problem has been reported for it
   */
  record Given(String value, String origin, boolean accepted) {
    /** Without the value, which may be a secret. */
    @Override
    public String toString() {
      return "Given[" + origin + "]";
    }
  }

  /** The executor's own settings as given, by their whole keys, in order. */
  Map<String, Given> executorKeys() {
    Map<String, Given> found = new LinkedHashMap<>(given);
    found.keySet().removeIf(key -> Setting.of(key) != Setting.EXECUTOR_NAME);
    return found;
  }

  boolean isGiven(Setting setting) {
    return given.containsKey(setting.key());
  }

  /** False if a problem has been reported for the value in effect. */
  boolean isAccepted(Setting setting) {
    Given value = given.get(setting.key());
    return value == null || value.accepted();
  }

  /** The name of the source, or {@code default}. */
  String origin(Setting setting) {
    Given value = given.get(setting.key());
    return value == null ? "default" : value.origin();
  }

  /** The value in effect, or null if none is given and there is no default. */
  @Nullable String find(Setting setting) {
    Given value = given.get(setting.key());
    if (value != null) {
      return value.value();
    }
    return setting == CONCURRENCY ? processors : setting.defaultValue();
  }

  /** The value in effect of a setting that is given or has a default. */
  String text(Setting setting) {
    String value = find(setting);
    if (value == null) {
      throw new IllegalStateException(setting.key() + " has no value");
    }
    return value;
  }

  int number(Setting setting) {
    return Integer.parseInt(text(setting));
  }

  Duration seconds(Setting setting) {
    return Duration.ofSeconds(number(setting));
  }

  /**
   * How long a receive may wait, in seconds: at most half the first lease, which is the expected
   * time, because a lease counts from the moment its receive was sent.
   */
  int waitTimeInSecs() {
    return Math.min(number(POLL_WAIT_TIME_IN_SECS), number(EXPECTED_JOB_EXECUTION_TIME_IN_SECS));
  }
}
