package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the processing hours that has an end.
 *
 * @param openedAt when a boss found it open
 * @param openAtStart tasks that were open then
 * @param drainedAt since when no task is open; null while some are
 * @param leftAtEnd tasks that no worker was given when it was over; null before
 */
public record Night(
    long id,
    Instant openedAt,
    Instant closesAt,
    long openAtStart,
    @Nullable Instant drainedAt,
    @Nullable Long leftAtEnd,
    Brought brought) {

  /** What is done about its boxes. */
  public enum State {
    /** Nothing yet. */
    NONE,
    /** So many are wanted and have not been started, as far as anybody knows. */
    ASKED,
    /** They were started. */
    UP,
    /** They were told to end. */
    ENDED;

    /** True if there are some, or may be. */
    public boolean isUnderWay() {
      return this == ASKED || this == UP;
    }
  }

  /**
   * The boxes that were brought for it.
   *
   * @param step how often boxes were asked for: each has a client token of its own
   * @param wanted how many the last step asks for
   * @param boxes how many are there, as far as anybody knows
   * @param note why something was refused, in plain words; empty if nothing was
   * @param at when boxes were asked for, started or ended last, or that was tried
   * @param boxSeconds of all of them together, from their start until {@code at}; with what those
   *     have had since who are there no more
   */
  public record Brought(
      State state, int step, int wanted, int boxes, String note, Instant at, double boxSeconds) {
    /** Box seconds until a moment. */
    public double boxSecondsUntil(Instant now) {
      return boxSeconds + boxes * Rows.seconds(at, now);
    }

    /** The same with as many boxes as were counted now, not by anything that was done. */
    public Brought counted(int there, Instant now) {
      double until = boxSecondsUntil(now) - there * Rows.seconds(at, now);
      return new Brought(state, step, wanted, there, note, at, until);
    }
  }

  Night with(Brought other) {
    return new Night(id, openedAt, closesAt, openAtStart, drainedAt, leftAtEnd, other);
  }

  /** True until its hours are over. */
  public boolean isPresent() {
    return leftAtEnd == null;
  }
}
