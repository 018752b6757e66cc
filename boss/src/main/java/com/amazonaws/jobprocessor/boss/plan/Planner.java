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

  /** Such a share of what may go out is as good as all of it. */
  private static final double NEARLY = 0.8;

  private final BoxTerms terms;

  /** Plans with boxes of a kind. */
  public Planner(BoxTerms terms) {
    this.terms = terms;
  }

  /**
   * The plan as of a moment inside the hours, as if they went on after their end.
   *
   * @param closes when the hours are over; null if they are not about to be
   * @param mostPerSecond tasks that may go out in a second, however many boxes there are; infinite
   *     if that is not bounded
   */
  public Plan plan(
      Instant now, @Nullable Instant closes, Load load, Pace pace, double mostPerSecond) {
    int there = pace.isMeasured() ? pace.boxes() : 0;
    if (load.open() <= 0) {
      return new Plan(
          now,
          closes == null ? null : 0L,
          new Plan.Needed(0, true, Duration.ZERO, now, terms.cost(0, 0)));
    }
    double each = perBox(load, pace);
    if (each <= 0) {
      return Plan.UNKNOWN;
    }
    Instant doneAt = there == 0 ? null : after(now, load.open() / (there * each));
    if (closes == null) {
      int boxes = Math.max(1, there);
      double seconds = secondsFor(load.open(), each, there, boxes, mostPerSecond);
      return new Plan(doneAt, null, needed(now, seconds, boxes, true));
    }
    double left = Math.max(0, seconds(now, closes));
    double usable = Math.max(0, left - load.meanSeconds());
    long leftAtEnd = (long) Math.ceil(Math.max(0, load.open() - there * each * left));
    double enough = enough(load.open(), each, there, usable);
    boolean inTime = enough <= terms.maxBoxes() && load.open() <= mostPerSecond * usable;
    // What would come too late to be of use is not asked for, nor what would get nothing to do.
    double most =
        mayStillHelp(usable) ? Math.min(terms.maxBoxes(), busy(each, pace, mostPerSecond)) : there;
    int boxes = (int) Math.max(1, Math.min(enough, most));
    double seconds = secondsFor(load.open(), each, there, boxes, mostPerSecond);
    return new Plan(doneAt, leftAtEnd, needed(now, seconds, boxes, inTime));
  }

  /** Boxes that have something to do: those that idle tell nothing of what they could do. */
  private static double busy(double each, Pace pace, double mostPerSecond) {
    return pace.isMeasured() && pace.perSecond() >= NEARLY * mostPerSecond
        ? pace.boxes()
        : Math.ceil(mostPerSecond / each);
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

  private Plan.Needed needed(Instant now, double seconds, int boxes, boolean inTime) {
    Instant doneAt = after(now, seconds);
    return new Plan.Needed(
        boxes, inTime, Duration.between(now, doneAt), doneAt, terms.cost(boxes, seconds));
  }

  private double secondsFor(long open, double each, int there, int boxes, double mostPerSecond) {
    return Math.max(secondsFor(open, each, there, boxes), open / mostPerSecond);
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
