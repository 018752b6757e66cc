package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A monotonic clock that goes on while its machine is hibernated or suspended: Linux's, and so
 * Java's, stands still meanwhile (clock_gettime(2), {@code CLOCK_MONOTONIC}), but leases do not.
 * The time since boot ({@code CLOCK_BOOTTIME}) includes the suspension, and unlike the wall clock
 * cannot be set. Safe for use by many threads; reads that time at most once in ten milliseconds.
 */
public final class SleepAwareClock implements MonotonicClock {
  /** The time since boot is told in hundredths of a second. */
  private static final long LOOK = Duration.ofMillis(10).toNanos();

  /** Less is what a thread is stopped for between its looks at the clocks, and harms no lease. */
  private static final long SLEEP = Duration.ofSeconds(1).toNanos();

  private static final int MAX_TRIES = 5;

  private final MonotonicClock monotonic;
  private final MonotonicClock sinceBoot;
  private final long ahead;
  private volatile long slept;
  private volatile long lookedAt;

  /**
   * A clock that has not slept yet.
   *
   * @param monotonic stands still with the machine
   * @param sinceBoot does not, and is as fast otherwise
   */
  public SleepAwareClock(MonotonicClock monotonic, MonotonicClock sinceBoot) {
    this.monotonic = monotonic;
    this.sinceBoot = sinceBoot;
    this.lookedAt = monotonic.nanoTime();
    this.ahead = sinceBoot.nanoTime() - lookedAt;
  }

  @Override
  public long nanoTime() {
    long now = monotonic.nanoTime();
    if (now - lookedAt >= LOOK) {
      lookedAt = now;
      if (sinceBoot.nanoTime() - now - ahead - slept >= SLEEP) {
        look();
      }
    }
    return now + slept;
  }

  /** A thread that is stopped between its looks at the clocks sees a sleep that is none. */
  private synchronized void look() {
    for (int i = 0; i < MAX_TRIES; i++) {
      long before = monotonic.nanoTime();
      long boot = sinceBoot.nanoTime();
      long now = monotonic.nanoTime();
      long sleep = boot - now - ahead - slept;
      if (sleep < SLEEP) {
        return;
      }
      if (now - before < SLEEP) {
        slept += sleep;
        Log.LOG
            .atWarn()
            .addKeyValue("secs", Duration.ofNanos(sleep).toSeconds())
            .log("the machine was suspended: leases held before may have expired");
        return;
      }
    }
  }

  /** Made when there is something to be said. */
  private static final class Log {
    private static final Logger LOG = LoggerFactory.getLogger(SleepAwareClock.class);
  }
}
