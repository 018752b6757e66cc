package com.amazonaws.jobprocessor.work.room;

import java.time.Duration;

/**
 * The ceiling on receives: evenly spaced, with bursts of at most one second's worth, and never more
 * than the ceiling in any minute, bursts included. Used by one thread.
 */
public final class PollRate {
  private static final long MINUTE = Duration.ofMinutes(1).toNanos();

  private final long interval;
  private final long tolerance;
  private long next;

  /** A ceiling of so many receives a minute, 1 to 1,000,000. */
  public PollRate(int perMinute, long now) {
    int burst = Math.max(1, perMinute / 60);
    interval = Math.ceilDiv(MINUTE, perMinute - (burst > 1 ? burst : 0));
    tolerance = interval * (burst - 1);
    next = now - tolerance;
  }

  /** Nanoseconds until a receive may be sent; 0 or less if now. */
  public long nanosUntilNext(long now) {
    return next - tolerance - now;
  }

  /** A receive is being sent. */
  public void sent(long now) {
    next = Math.max(next, now) + interval;
  }
}
