package com.amazonaws.jobprocessor.bench;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something, but not for ever. */
final class Await {
  private static final Duration STEP = Duration.ofMillis(10);

  private Await() {}

  /**
   * Looks every 10 ms whether something is so.
   *
   * @return whether it was so before the time was over
   */
  static boolean atMost(Duration time, BooleanSupplier done) {
    long deadline = System.nanoTime() + time.toNanos();
    while (!done.getAsBoolean()) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
    return true;
  }
}
