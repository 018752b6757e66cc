package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;

/**
 * How fast requests are answered, all together: some at once, then evenly spaced, however many are
 * made. What answers take from the jobs is bounded by that. Safe for use by several threads.
 */
final class Pace {
  private final long gap;
  private final long burst;
  private final MonotonicClock clock;
  private long next;

  /** So many requests a second, of which so many may come at once. */
  Pace(int perSecond, int burst, MonotonicClock clock) {
    this.gap = Duration.ofSeconds(1).toNanos() / perSecond;
    this.burst = burst * gap;
    this.clock = clock;
    this.next = clock.nanoTime() - this.burst;
  }

  /** Waits until the caller's request may be answered. */
  void awaitTurn() throws InterruptedException {
    long nanos;
    synchronized (this) {
      long now = clock.nanoTime();
      next = (next - (now - burst) < 0 ? now - burst : next) + gap;
      nanos = next - now;
    }
    if (nanos > 0) {
      clock.sleep(nanos);
    }
  }
}
