package com.amazonaws.jobprocessor.stats;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What keeps a worker from doing more.
 *
 * @param busyShare how great a part of the slots' time in the last minute had a job, 0 to 1
 * @param pollRateShare for how great a part of it {@code poll_rate_per_min} held back receives
 */
public record Limit(Kind kind, double busyShare, double pollRateShare) {
  private static final double MOST_OF_THE_TIME = 0.5;
  private static final double BUSY = 0.8;

  /** The things that may. */
  public enum Kind {
    /** It does not take jobs yet. */
    STARTING,
    /** It stops, or has been drained. */
    DRAINING,
    /** Calls of AWS fail. */
    OUTAGE,
    /** The executor says that it cannot run jobs on this box now. */
    EXECUTOR,
    /** The setting. */
    POLL_RATE,
    /** Nearly all of them have a job all the time. */
    SLOTS,
    /** The backlog has no job for it. */
    NO_WORK,
    /** Nothing by itself: slots are free now and then, while jobs come in. */
    NOTHING
  }

  /**
   * What is known of the moment.
   *
   * @param takesJobs false until the worker does
   * @param drains true once it stops
   * @param executor why it cannot run jobs, or null
   * @param empty true if the last receive brought nothing
   */
  record Moment(
      boolean takesJobs,
      boolean drains,
      boolean failing,
      @Nullable String executor,
      boolean empty) {}

  static Limit of(Moment now, double busyShare, Duration heldBack, Duration of) {
    double pollRate = of.isPositive() ? (double) heldBack.toNanos() / of.toNanos() : 0;
    return new Limit(kind(now, busyShare, pollRate), busyShare, Math.clamp(pollRate, 0, 1));
  }

  private static Kind kind(Moment now, double busy, double pollRate) {
    if (now.drains()) {
      return Kind.DRAINING;
    }
    if (now.failing()) {
      return Kind.OUTAGE;
    }
    if (!now.takesJobs()) {
      return Kind.STARTING;
    }
    if (now.executor() != null) {
      return Kind.EXECUTOR;
    }
    if (pollRate > MOST_OF_THE_TIME) {
      return Kind.POLL_RATE;
    }
    if (busy >= BUSY) {
      return Kind.SLOTS;
    }
    return now.empty() ? Kind.NO_WORK : Kind.NOTHING;
  }

  /** For people, e.g. {@code slots: 97 % busy in the last minute}. */
  public String text() {
    return switch (kind) {
      case STARTING -> "it looks for its queues";
      case DRAINING -> "it takes no more jobs";
      case OUTAGE -> "calls of AWS fail";
      case EXECUTOR -> "the executor is unavailable on this box";
      case POLL_RATE ->
          "poll_rate_per_min: held back receives for "
              + percent(pollRateShare)
              + " of the last minute";
      case SLOTS -> "slots: " + percent(busyShare) + " busy in the last minute";
      case NO_WORK -> "nothing: the backlog has no job for it";
      case NOTHING -> "nothing: slots were " + percent(busyShare) + " busy in the last minute";
    };
  }

  private static String percent(double share) {
    return Math.round(share * 100) + " %";
  }
}
