package com.amazonaws.jobprocessor.cli;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How a run went, in lines for people or as a JSON object.
 *
 * @param sleeps true if the ideal time is known: the executor is Sleep
 */
record LocalSummary(LocalTally tally, int threads, boolean sleeps) {
  private static final double NANOS = 1e9;

  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(
        "%s in %s with %s: %s"
            .formatted(
                Text.count(tally.ended(), "job"),
                seconds(tally.time()),
                Text.count(threads, "thread"),
                decimal(jobsPerSecond(), 1) + " jobs/s"));
    if (tally.failed() + tally.retries() + tally.bad() > 0) {
      lines.add(
          Text.count(tally.results(), "result")
              + ", "
              + tally.failed()
              + " failed for good"
              + kinds()
              + ", "
              + Text.count(tally.retries(), "retry", "retries")
              + (tally.bad() == 0 ? "" : ", " + Text.count(tally.bad(), "line") + " refused"));
    }
    if (sleeps && tally.ended() > 0) {
      lines.add(
          "ideal time %s, %soverhead %s ms a job"
              .formatted(
                  seconds(ideal()),
                  ideal().isZero() ? "" : "efficiency " + decimal(100 * efficiency(), 1) + " %, ",
                  decimal(overheadMillis(), 3)));
    }
    return lines;
  }

  private String kinds() {
    return tally.failed() == 0
        ? ""
        : tally.kinds().entrySet().stream()
            .map(kind -> Text.cell(kind.getKey(), 80) + " " + kind.getValue())
            .collect(Collectors.joining(", ", " (", ")"));
  }

  String json() {
    JsonLine line =
        new JsonLine()
            .number("jobs", tally.ended())
            .number("results", tally.results())
            .number("failed", tally.failed())
            .number("retries", tally.retries())
            .number("bad_lines", tally.bad())
            .number("threads", threads)
            .number("seconds", number(inSeconds(tally.time()), 6))
            .number("jobs_per_second", number(jobsPerSecond(), 3));
    if (sleeps && tally.ended() > 0) {
      line.number("ideal_seconds", number(inSeconds(ideal()), 6))
          .number("efficiency", number(efficiency(), 4))
          .number("overhead_millis_per_job", number(overheadMillis(), 6));
    }
    for (Map.Entry<String, Long> kind : tally.kinds().entrySet()) {
      line.number("failed." + kind.getKey(), kind.getValue());
    }
    return line.end();
  }

  private Duration ideal() {
    return tally.ideal(threads);
  }

  private double jobsPerSecond() {
    double time = inSeconds(tally.time());
    return time == 0 ? 0 : tally.ended() / time;
  }

  private double efficiency() {
    double time = inSeconds(tally.time());
    return time == 0 ? 0 : inSeconds(ideal()) / time;
  }

  private double overheadMillis() {
    return (inSeconds(tally.time()) - inSeconds(ideal())) * 1000 / tally.ended();
  }

  private static double inSeconds(Duration time) {
    return time.toNanos() / NANOS;
  }

  static String seconds(Duration time) {
    return decimal(inSeconds(time), 2) + " s";
  }

  static String decimal(double value, int digits) {
    return String.format(Locale.ROOT, "%." + digits + "f", value);
  }

  static BigDecimal number(double value, int digits) {
    return BigDecimal.valueOf(value).setScale(digits, RoundingMode.HALF_UP);
  }
}
