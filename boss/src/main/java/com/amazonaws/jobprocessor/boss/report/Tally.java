package com.amazonaws.jobprocessor.boss.report;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Adds up what somebody did, answer by answer, the newest first. */
public final class Tally {
  private final Durations durations = new Durations();
  private long succeeded;
  private long failed;
  private long busyMillis;
  private long occupiedMillis;
  private long begunMillis = Long.MAX_VALUE;
  private @Nullable Instant first;
  private @Nullable Instant last;

  /**
   * Adds an answer that came in before those that were added, or with them.
   *
   * @param at when it came in, which is taken for the end of its work
   */
  public void add(Instant at, long durationMillis, boolean success) {
    if (success) {
      succeeded++;
    } else {
      failed++;
    }
    last = last == null ? at : last;
    first = at;
    durations.add(durationMillis);
    busyMillis += durationMillis;
    long end = at.toEpochMilli();
    long begin = end - durationMillis;
    // Ends come in descending order: all from the earliest begin to the end before is covered.
    if (begin < begunMillis) {
      occupiedMillis += Math.min(end, begunMillis) - begin;
      begunMillis = begin;
    }
  }

  /**
   * The sum.
   *
   * @param name of whoever did it
   */
  public Line line(String name) {
    Instant to = last == null ? Instant.EPOCH : last;
    return new Line(
        name,
        succeeded,
        failed,
        busyMillis / 1000.0,
        occupiedMillis / 1000.0,
        last == null ? 0 : (to.toEpochMilli() - begunMillis) / 1000.0,
        durations.median() / 1000.0,
        first == null ? Instant.EPOCH : first,
        to);
  }
}
