package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.MonotonicClock;

/**
 * No calls for a while after a failed one, for longer after each further one. Calls side by side
 * that fail together count once. Safe for use by several threads.
 */
public final class Pause {
  private final Backoff backoff = new Backoff();
  private final MonotonicClock clock;
  private long until;

  /** No pause at first. */
  public Pause(MonotonicClock clock) {
    this.clock = clock;
    this.until = clock.nanoTime();
  }

  /** A call worked: the pause is over. */
  public synchronized void worked() {
    backoff.worked();
    until = clock.nanoTime();
  }

  /**
   * A call failed, or is not to be repeated at once for another reason.
   *
   * @return nanoseconds until the next may be made
   */
  public synchronized long failed() {
    long now = clock.nanoTime();
    if (until - now <= 0) {
      until = now + backoff.failed();
    }
    return until - now;
  }

  /** Nanoseconds until a call may be made; 0 or less if now. */
  public synchronized long nanosLeft() {
    return until - clock.nanoTime();
  }
}
