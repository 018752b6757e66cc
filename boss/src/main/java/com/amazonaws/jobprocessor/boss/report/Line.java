package com.amazonaws.jobprocessor.boss.report;

import java.time.Instant;

/**
 * A line of the report.
 *
 * @param busySeconds of all tasks, added up: with several at a time more than time has passed
 * @param occupiedSeconds in which at least one task was worked on
 * @param spanSeconds from the begin of the first task to the last answer
 * @param medianSeconds of a task, to within 3 %
 * @param first when the first answer came in
 */
public record Line(
    String name,
    long succeeded,
    long failed,
    double busySeconds,
    double occupiedSeconds,
    double spanSeconds,
    double medianSeconds,
    Instant first,
    Instant last) {
  /** All that were answered. */
  public long tasks() {
    return succeeded + failed;
  }

  /** From 0 to 1. */
  public double failureShare() {
    return tasks() == 0 ? 0 : (double) failed / tasks();
  }

  /** The share of the span in which it worked on something, from 0 to 1. */
  public double busyShare() {
    return spanSeconds <= 0 ? 0 : Math.clamp(occupiedSeconds / spanSeconds, 0, 1);
  }

  /** How many tasks were worked on at a time, as a mean over the time in which any was. */
  public double atATime() {
    return occupiedSeconds <= 0 ? 0 : busySeconds / occupiedSeconds;
  }

  /** Tasks an hour over the span; 0 if there is none. */
  public double perHour() {
    return spanSeconds <= 0 ? 0 : tasks() * 3600.0 / spanSeconds;
  }
}
