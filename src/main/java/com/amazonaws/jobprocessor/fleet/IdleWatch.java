package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;

/** For how long there has been no job. Safe for use by several threads. */
public final class IdleWatch {
  private final long after;
  private final MonotonicClock clock;
  private long since;

  /**
   * Idle from now on.
   *
   * @param after how long without a job is too long
   */
  public IdleWatch(Duration after, MonotonicClock clock) {
    this.after = after.toNanos();
    this.clock = clock;
    this.since = clock.nanoTime();
  }

  /** A job has come, or is in hand. */
  public synchronized void busy() {
    since = clock.nanoTime();
  }

  /** Nanoseconds until it has been idle for too long, if no job comes; 0 or less if it has. */
  public synchronized long nanosLeft() {
    return since + after - clock.nanoTime();
  }
}
