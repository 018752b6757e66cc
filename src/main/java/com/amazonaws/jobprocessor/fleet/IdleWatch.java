package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;

/**
 * For how long there has been no job, as far as is known: while the backlog does not answer there
 * may be some. Safe for use by several threads.
 */
public final class IdleWatch {
  /** A worker asks far more often, unless something keeps it from that. */
  private static final long KNOWN_FOR = Duration.ofMinutes(2).toNanos();

  private final long after;
  private final MonotonicClock clock;
  private long since;
  private long notBefore;
  private long answeredAt;
  private boolean failing;

  /**
   * Idle from now on.
   *
   * @param after how long without a job is too long
   */
  public IdleWatch(Duration after, MonotonicClock clock) {
    this.after = after.toNanos();
    this.clock = clock;
    this.since = clock.nanoTime();
    this.answeredAt = since;
    this.notBefore = since;
  }

  /** A job has come, or is in hand; or nobody knows whether there are jobs. */
  public synchronized void busy() {
    since = clock.nanoTime();
  }

  /** The backlog has answered: it had jobs for us, or none. */
  public synchronized void answered(boolean jobs) {
    answeredAt = clock.nanoTime();
    failing = false;
    if (jobs) {
      busy();
    }
  }

  /** The backlog does not answer: it may have jobs. */
  public synchronized void failed() {
    failing = true;
    busy();
  }

  /** The box has been idle for too long, but is to stay for at least so long from now. */
  synchronized void stays(Duration least) {
    notBefore = clock.nanoTime() + least.toNanos();
  }

  /** False until the backlog answers again, and if it has not been asked for minutes. */
  synchronized boolean isKnown() {
    return !failing && clock.nanoTime() - answeredAt < KNOWN_FOR;
  }

  /** Nanoseconds until the box may end, if no job comes; 0 or less if it may now. */
  public synchronized long nanosLeft() {
    long now = clock.nanoTime();
    return Math.max(since + after - now, notBefore - now);
  }
}
