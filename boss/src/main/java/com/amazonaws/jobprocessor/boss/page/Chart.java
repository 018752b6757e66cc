package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Throughput.Minute;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.ToLongFunction;

/**
 * Tasks that ended, minute by minute, as the paths of an SVG; what it shows is said in words, too.
 *
 * @param top the value at its upper edge
 * @param area under the line
 * @param line of all that ended
 * @param failed of those that failed; empty if none did
 * @param minutes that it spans
 */
record Chart(String top, String area, String line, String failed, int minutes, String summary) {
  static final int WIDTH = 720;
  static final int HEIGHT = 120;
  private static final int[] SPANS = {15, 60, 240, 720};

  /** Points of a line: more would not be seen. */
  private static final int MAX_POINTS = 120;

  /** Of minutes that follow each other, the running one last: that is not drawn, it is not over. */
  static Chart of(List<Minute> all, Instant now) {
    int span = span(all, now);
    Instant from = now.minus(Duration.ofMinutes(span));
    List<Minute> shown =
        all.subList(0, Math.max(0, all.size() - 1)).stream()
            .filter(minute -> !minute.start().isBefore(from))
            .toList();
    int step = Math.max(1, span / MAX_POINTS);
    double most = niceTop(max(shown, step, Minute::ended));
    String line = path(shown, step, from, span, most, Minute::ended);
    long failures = shown.stream().mapToLong(Minute::failed).sum();
    long ended = shown.stream().mapToLong(Minute::ended).sum();
    String words =
        "Tasks that ended a minute, in the last %s: %s in all, %s of them failed, at most %s in a minute"
            .formatted(
                Words.duration(Duration.ofMinutes(span)),
                Words.count(ended),
                Words.count(failures),
                Words.number(max(shown, step, Minute::ended)));
    return new Chart(
        Words.number(most),
        ended == 0 ? "" : area(line),
        ended == 0 ? "" : line,
        failures == 0 ? "" : path(shown, step, from, span, most, Minute::failed),
        span,
        words);
  }

  /** True if there is nothing to be drawn. */
  boolean isEmpty() {
    return line.isEmpty();
  }

  /** How long ago its left edge is. */
  String since() {
    return Words.duration(Duration.ofMinutes(minutes)) + " ago";
  }

  private static int span(List<Minute> all, Instant now) {
    Instant first =
        all.stream().filter(m -> m.ended() > 0).map(Minute::start).findFirst().orElse(now);
    for (int span : SPANS) {
      if (!first.isBefore(now.minus(Duration.ofMinutes(span)))) {
        return span;
      }
    }
    return SPANS[SPANS.length - 1];
  }

  /** The mean of so many minutes from an index on. */
  private static double mean(List<Minute> shown, int at, int step, ToLongFunction<Minute> value) {
    List<Minute> some = shown.subList(at, Math.min(shown.size(), at + step));
    return some.stream().mapToLong(value).average().orElse(0);
  }

  private static double max(List<Minute> shown, int step, ToLongFunction<Minute> value) {
    double most = 0;
    for (int at = 0; at < shown.size(); at += step) {
      most = Math.max(most, mean(shown, at, step, value));
    }
    return most;
  }

  /** One, two or five times a power of ten, not below the greatest value. */
  private static double niceTop(double most) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, most))));
    for (int factor : new int[] {1, 2, 5}) {
      if (most <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String path(
      List<Minute> shown,
      int step,
      Instant from,
      int span,
      double top,
      ToLongFunction<Minute> value) {
    StringBuilder path = new StringBuilder();
    for (int at = 0; at < shown.size(); at += step) {
      double minute = Duration.between(from, shown.get(at).start()).toSeconds() / 60.0 + 0.5;
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(coordinate(WIDTH * minute / span))
          .append(' ')
          .append(coordinate(HEIGHT - 1 - mean(shown, at, step, value) / top * (HEIGHT - 2)));
    }
    return path.toString();
  }

  private static String area(String line) {
    if (line.isEmpty()) {
      return "";
    }
    String left = line.substring(1, line.indexOf(' '));
    String last = line.substring(Math.max(0, line.lastIndexOf('L') + 1));
    String right = last.startsWith("M") ? left : last.substring(0, last.indexOf(' '));
    return "M" + left + " " + HEIGHT + "L" + line.substring(1) + "L" + right + " " + HEIGHT + "Z";
  }

  /** To a tenth. */
  private static String coordinate(double value) {
    long tenths = Math.max(0, Math.round(value * 10));
    return tenths % 10 == 0 ? Long.toString(tenths / 10) : tenths / 10 + "." + tenths % 10;
  }
}
