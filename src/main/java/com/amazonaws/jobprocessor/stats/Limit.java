package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
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
    /** As many messages of the backlog are in flight as SQS allows: it gives out no more. */
    IN_FLIGHT,
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
   * @param calls those of AWS that fail
   * @param executor why it cannot run jobs, or null
   * @param backlog what a receive finds in it
   */
  record Moment(
      boolean takesJobs, boolean drains, Calls calls, @Nullable String executor, Backlog backlog) {}

  /** The calls of AWS at a moment. */
  enum Calls {
    WORK,
    /** Receives alone fail, and only because too many messages are in flight. */
    OVER_LIMIT,
    FAIL;

    static Calls of(List<Outage.Failing> failing) {
      if (failing.isEmpty()) {
        return WORK;
      }
      return failing.stream().allMatch(Outage.Failing::isOverLimit) ? OVER_LIMIT : FAIL;
    }
  }

  /** What a receive finds in the backlog. */
  enum Backlog {
    HAS_JOBS,
    EMPTY,
    /** Messages wait, about as many are in flight as can be, and the last receive brought none. */
    HELD;

    static Backlog of(boolean empty, QueueGauge.@Nullable Reading last) {
      if (!empty) {
        return HAS_JOBS;
      }
      return last != null && last.waiting() > 0 && last.hasManyInFlight() ? HELD : EMPTY;
    }
  }

  static Limit of(Moment now, double busyShare, Duration heldBack, Duration of) {
    double pollRate = of.isPositive() ? (double) heldBack.toNanos() / of.toNanos() : 0;
    return new Limit(kind(now, busyShare, pollRate), busyShare, Math.clamp(pollRate, 0, 1));
  }

  private static Kind kind(Moment now, double busy, double pollRate) {
    if (now.drains()) {
      return Kind.DRAINING;
    }
    if (now.calls() != Calls.WORK) {
      return now.calls() == Calls.FAIL ? Kind.OUTAGE : Kind.IN_FLIGHT;
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
    return switch (now.backlog()) {
      case HAS_JOBS -> Kind.NOTHING;
      case EMPTY -> Kind.NO_WORK;
      case HELD -> Kind.IN_FLIGHT;
    };
  }

  /** For people, e.g. {@code slots: 97 % busy in the last minute}. */
  public String text() {
    return switch (kind) {
      case STARTING -> "it looks for its queues";
      case DRAINING -> "it takes no more jobs";
      case OUTAGE -> "calls of AWS fail";
      case EXECUTOR -> "the executor is unavailable on this box";
      case IN_FLIGHT ->
          String.format(
              Locale.ROOT,
              "messages in flight: SQS gives out no more while the backlog has about %,d",
              QueueGauge.MAX_IN_FLIGHT);
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
