package com.amazonaws.jobprocessor.port;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/**
 * Nanoseconds since some moment, on a clock that nobody can set: leases are judged by it alone.
 * Whoever waits for a time waits by this clock, so that a test can move it.
 */
@FunctionalInterface
public interface MonotonicClock {
  /** As {@link System#nanoTime()}: only differences have a meaning. */
  long nanoTime();

  /**
   * Waits until the condition is signalled or so many nanoseconds have passed; like every wait for
   * a condition it may return early. The caller holds the condition's lock.
   */
  @SuppressWarnings({"ResultOfMethodCallIgnored", "WaitNotInLoop"}) // the caller loops
  default void await(Condition condition, long nanos) throws InterruptedException {
    condition.awaitNanos(nanos);
  }

  /** Waits for so many nanoseconds. */
  default void sleep(long nanos) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(nanos);
  }
}
