package com.amazonaws.jobprocessor.boss.plan;

import com.amazonaws.jobprocessor.cost.Usd;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the planner says.
 *
 * @param doneAt when all that is open has ended, with the boxes that are there; null if there are
 *     none, nobody knows how fast they are, or nothing goes out
 * @param leftAtEnd open tasks that those will not have done when the hours are over; null if they
 *     are not about to be over, or nobody knows
 * @param needed the boxes that are needed; null if nobody knows
 */
public record Plan(@Nullable Instant doneAt, @Nullable Long leftAtEnd, @Nullable Needed needed) {
  /** The same, but done at another moment. */
  public Plan withDoneAt(@Nullable Instant other) {
    return new Plan(other, leftAtEnd, needed);
  }

  /** Nothing has been measured. */
  public static final Plan UNKNOWN = new Plan(null, null, null);

  /**
   * Boxes that are needed from now on.
   *
   * @param boxes with those that are there; the fewest that are done in time, or as many as there
   *     may be if these are not enough
   * @param inTime true if they are enough; always if the hours are not about to be over
   * @param doneAt when they are done
   * @param cost of all of them from now until then
   */
  public record Needed(int boxes, boolean inTime, Instant doneAt, Usd cost) {}
}
