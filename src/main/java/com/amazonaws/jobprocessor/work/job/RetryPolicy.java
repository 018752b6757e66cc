package com.amazonaws.jobprocessor.work.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How often a failing job is tried again, and after which delay.
 *
 * @param retries attempts after the first, 0 to 100
 * @param delay before retry n the wait is up to this × 2^(n-1)
 */
public record RetryPolicy(int retries, Duration delay) {
  /** A failure of this attempt, counted from 1, or of a later one is for good. */
  public boolean isLast(int attempt) {
    return attempt > retries;
  }

  /**
   * The wait before the next attempt.
   *
   * @param attempt the attempt that failed, from 1
   * @param asked the executor's own wish, of which at most twelve hours count, or null
   * @param random from 0 to 1: full jitter
   */
  public Duration delay(int attempt, @Nullable Duration asked, double random) {
    if (asked != null) {
      Duration most = asked.compareTo(Lease.MAX_LEASE) < 0 ? asked : Lease.MAX_LEASE;
      return most.isNegative() ? Duration.ZERO : most;
    }
    double seconds = delay.toSeconds() * Math.pow(2, Math.max(0, attempt - 1.0));
    double capped = Math.min(seconds, (double) Lease.MAX_LEASE.toSeconds());
    return Duration.ofMillis((long) (capped * random * 1000));
  }
}
