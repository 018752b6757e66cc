package com.amazonaws.jobprocessor.status.http;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;

/**
 * How fast connections are accepted, and so requests answered, all together: some at once, then
 * evenly spaced, however many there are. What they take from the jobs is bounded by that. Safe for
 * use by several threads.
 */
public final class Pace {
  private final long gap;
  private final long burst;
  private final MonotonicClock clock;
  private long next;

  /** So many a second, of which so many may come at once. */
  public Pace(int perSecond, int burst, MonotonicClock clock) {
    this.gap = Duration.ofSeconds(1).toNanos() / perSecond;
    this.burst = burst * gap;
    this.clock = clock;
    this.next = clock.nanoTime() - this.burst;
  }

  /** Waits until it is the caller's turn. */
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
