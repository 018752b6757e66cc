package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A run of the work: from the first open task inside the hours until these are over or, where they
 * have no end, until no task is open.
 *
 * @param endedAt null while it goes on
 * @param doneAt since when no task of it is open; null while some are, or if some were left
 * @param openAtStart tasks that were open, or have ended since it began, when a boss noticed it
 * @param leftAtEnd tasks that no worker was given when it ended; null before
 * @param planned null as long as nobody knew how long a task takes
 */
public record WorkRun(
    long id,
    Instant beganAt,
    @Nullable Instant endedAt,
    @Nullable Instant doneAt,
    long openAtStart,
    @Nullable Long leftAtEnd,
    @Nullable Planned planned,
    Seen seen) {
  /**
   * What the first plan of the run said.
   *
   * @param boxes that are needed, with those that are there
   * @param tasks that are open
   * @param meanSeconds of a task
   * @param boxSeconds of all boxes together
   */
  public record Planned(
      Instant at, Instant doneAt, int boxes, long tasks, double meanSeconds, double boxSeconds) {}

  /**
   * What came.
   *
   * @param answers that came in
   * @param workers that have sent them
   * @param meanSeconds of the answers' run times
   * @param boxSeconds of all workers together, from the begin of the first task of each to its last
   *     answer; or of the boxes that were brought for it, from their launch to their end, if that
   *     is more
   */
  public record Seen(long answers, int workers, double meanSeconds, double boxSeconds) {
    Seen withBoxSeconds(double seconds) {
      return new Seen(answers, workers, meanSeconds, seconds);
    }
  }

  /** True while it goes on. */
  public boolean isPresent() {
    return endedAt == null;
  }
}
