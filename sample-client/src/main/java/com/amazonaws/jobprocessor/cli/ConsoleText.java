package com.amazonaws.jobprocessor.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a box's console tells of its worker. systemd says there when the unit is ready, that is when
 * its settings are accepted and it polls, or that it has failed; the worker's standard error goes
 * there as well: see systemd/job-processor.service.
 */
final class ConsoleText {
  private static final Pattern ESCAPE = Pattern.compile("\u001B\\[[0-9;?]*[ -/]*[@-~]");
  private static final Pattern READY =
      Pattern.compile("Started (?:job-processor\\.service|Job processor)\\b");
  private static final Pattern FAILED =
      Pattern.compile("Failed to start (?:job-processor\\.service|Job processor)\\b");
  private static final Pattern SAID = Pattern.compile("\\bjob-processor\\[\\d+]: (.+)");
  private static final int MAX_SAID = 5;
  private static final int LAST_LINES = 3;

  private final List<String> lines;

  ConsoleText(String output) {
    lines =
        ESCAPE
            .matcher(output)
            .replaceAll("")
            .lines()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
  }

  /** True if the worker has started, and has not failed since. */
  boolean isReady() {
    return last(READY) > last(FAILED);
  }

  /** Why the worker has failed for good; empty if it has not. */
  Optional<String> failure() {
    if (last(FAILED) <= last(READY)) {
      return Optional.empty();
    }
    List<String> said = said();
    return Optional.of(said.isEmpty() ? "its worker does not start" : String.join("; ", said));
  }

  /** What the worker has said on standard error, each line once, the last few. */
  private List<String> said() {
    List<String> said = new ArrayList<>();
    for (String line : lines) {
      Matcher matcher = SAID.matcher(line);
      if (matcher.find()) {
        said.remove(matcher.group(1));
        said.add(matcher.group(1));
      }
    }
    return said.subList(Math.max(0, said.size() - MAX_SAID), said.size());
  }

  /** The last lines, on one. */
  String end() {
    return String.join(" | ", lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
  }

  private int last(Pattern pattern) {
    for (int i = lines.size() - 1; i >= 0; i--) {
      if (pattern.matcher(lines.get(i)).find()) {
        return i;
      }
    }
    return -1;
  }
}
