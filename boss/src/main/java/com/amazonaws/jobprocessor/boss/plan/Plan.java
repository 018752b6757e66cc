package com.amazonaws.jobprocessor.boss.plan;

import com.amazonaws.jobprocessor.cost.Usd;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the planner says.
 *
 * @param doneAt when all that is open has ended, with the boxes that are there; null if there are
 *     none, nobody knows how fast they are, nothing goes out, or it is too far away
 * @param leftAtEnd open tasks that those will not have done when the hours are over; null if they
 *     are not about to be over, or nobody knows
 * @param needed the boxes that are needed; null if nobody knows
 */
public record Plan(@Nullable Instant doneAt, @Nullable Long leftAtEnd, @Nullable Needed needed) {
  /** Nothing has been measured, or there are no hours. */
  public static final Plan UNKNOWN = new Plan(null, null, null);

  /**
   * Boxes that are needed from now on, or from when the hours open.
   *
   * @param boxes with those that are there; the fewest that are done in time, or as many as there
   *     may be if these are not enough
   * @param inTime true if they are enough; always if the hours are not about to be over
   * @param work how long they work for it
   * @param doneAt when they are done; null if that is too far away
   * @param cost of all of them for so long
   */
  public record Needed(
      int boxes, boolean inTime, Duration work, @Nullable Instant doneAt, Usd cost) {}
}
