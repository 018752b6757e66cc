package com.amazonaws.jobprocessor.boss.plan;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How many boxes finish what is open before the hours are over, and what they cost.
 *
 * <p>What a box ends in a second is what was measured lately, whatever its slots and its tasks'
 * ways to wait: so the plan corrects itself while the night goes on. Before anything is measured it
 * is the slots by the mean run time of the last tasks. Boxes that are not there yet come after
 * their boot time. A task that is begun shortly before the end would not be done: the last run time
 * is kept free.
 */
public final class Planner {
  /** EC2 bills a launch by the second, a minute at least (https://aws.amazon.com/ec2/pricing/). */
  public static final Duration LEAST_USE = Duration.ofMinutes(1);

  private static final double MAX_SECONDS = Duration.ofDays(3_650).toSeconds();

  private final BoxTerms terms;

  /** Plans with boxes of a kind. */
  public Planner(BoxTerms terms) {
    this.terms = terms;
  }

  /**
   * The plan as of a moment.
   *
   * @param closes when the hours are over; null if they are not about to be
   */
  public Plan plan(Instant now, @Nullable Instant closes, Load load, Pace pace) {
    int there = pace.isMeasured() ? pace.boxes() : 0;
    if (load.open() <= 0) {
      return new Plan(
          now, closes == null ? null : 0L, new Plan.Needed(0, true, now, terms.cost(0, 0)));
    }
    double each = perBox(load, pace);
    if (each <= 0) {
      return Plan.UNKNOWN;
    }
    Instant doneAt = there == 0 ? null : after(now, load.open() / (there * each));
    if (closes == null) {
      int boxes = Math.max(1, there);
      return new Plan(doneAt, null, needed(now, load.open(), each, there, boxes, true));
    }
    double left = Math.max(0, seconds(now, closes));
    double usable = Math.max(0, left - load.meanSeconds());
    long leftAtEnd = (long) Math.ceil(Math.max(0, load.open() - there * each * left));
    double enough = enough(load.open(), each, there, usable);
    boolean inTime = enough <= terms.maxBoxes();
    // What would come too late to be of use is not asked for.
    double most = mayStillHelp(usable) ? terms.maxBoxes() : there;
    int boxes = (int) Math.max(1, Math.min(enough, most));
    return new Plan(doneAt, leftAtEnd, needed(now, load.open(), each, there, boxes, inTime));
  }

  /** True if a box that is launched now works for as long as EC2 bills at least. */
  private boolean mayStillHelp(double usable) {
    return usable >= terms.boot().plus(LEAST_USE).toSeconds();
  }

  private double perBox(Load load, Pace pace) {
    if (pace.isMeasured()) {
      return pace.perSecond() / pace.boxes();
    }
    return load.meanSeconds() <= 0 ? 0 : terms.slots() / load.meanSeconds();
  }

  /** The fewest boxes; infinite if none are enough. */
  private double enough(long open, double each, int there, double usable) {
    double done = there * each * usable;
    if (done >= open) {
      return Math.ceil(open / (each * usable));
    }
    double rest = usable - terms.boot().toSeconds();
    return rest <= 0 ? Double.POSITIVE_INFINITY : there + Math.ceil((open - done) / (each * rest));
  }

  private Plan.Needed needed(
      Instant now, long open, double each, int there, int boxes, boolean inTime) {
    double seconds = secondsFor(open, each, there, boxes);
    return new Plan.Needed(boxes, inTime, after(now, seconds), terms.cost(boxes, seconds));
  }

  private double secondsFor(long open, double each, int there, int boxes) {
    int more = Math.max(0, boxes - there);
    double boot = terms.boot().toSeconds();
    int first = boxes - more;
    if (more == 0 || first * each * boot >= open) {
      return open / (each * Math.max(1, first));
    }
    return (open + more * each * boot) / (each * boxes);
  }

  private static double seconds(Instant from, Instant to) {
    return Duration.between(from, to).toMillis() / 1000.0;
  }

  private static Instant after(Instant now, double seconds) {
    return now.plusMillis((long) (Math.min(seconds, MAX_SECONDS) * 1000));
  }
}
