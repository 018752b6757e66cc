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
}
