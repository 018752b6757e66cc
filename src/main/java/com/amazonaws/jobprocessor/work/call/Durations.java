package com.amazonaws.jobprocessor.work.call;

import java.time.Duration;

/**
 * What {@link Duration} does by way of BigDecimal, whose loading takes 10 ms of a start. For
 * durations up to 290 years.
 */
public final class Durations {
  private Durations() {}

  /** The duration divided by a number. */
  public static Duration part(Duration whole, long divisor) {
    return Duration.ofNanos(whole.toNanos() / divisor);
  }

  /** So many times the duration. */
  public static Duration times(Duration one, long factor) {
    return Duration.ofNanos(Math.multiplyExact(one.toNanos(), factor));
  }

  /** The duration doubled so many times, from none on, but never more than the longest. */
  public static Duration doubled(Duration first, int doublings, Duration max) {
    Duration grown = times(first, 1L << Math.clamp(doublings, 0, 20));
    return grown.compareTo(max) < 0 ? grown : max;
  }
}
