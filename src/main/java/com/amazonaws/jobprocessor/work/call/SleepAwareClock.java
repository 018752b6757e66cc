package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A monotonic clock that goes on while its machine is hibernated or suspended: Linux's, and so
 * Java's, stands still meanwhile (clock_gettime(2), {@code CLOCK_MONOTONIC}), but leases do not.
 * How long that was, the wall clock tells when it is ahead all at once. Somebody who sets it
 * forward looks the same, and ends leases early, which is never in the worker's favour. Safe for
 * use by many threads; looks at the wall clock once a millisecond at most.
 */
public final class SleepAwareClock implements MonotonicClock {
  private static final long LOOK = Duration.ofMillis(1).toNanos();

  /** Time servers correct by less than that, unless the clock was wrong. */
  private static final long JUMP = Duration.ofSeconds(5).toNanos();

  /** Within such a time a clock that is being slewed gains far less than a jump. */
  private static final long FRESH = Duration.ofSeconds(10).toNanos();

  /** Two clocks that were read in so short a time were read together. */
  private static final long TOGETHER = Duration.ofMillis(100).toNanos();

  private static final int MAX_TRIES = 5;

  private final MonotonicClock monotonic;
  private final InstantSource wallClock;
  private volatile Reading last;
  private volatile long lookedAt;

  /**
   * Both clocks, read together.
   *
   * @param at by the monotonic clock
   * @param ahead how far the wall clock was ahead of it
   * @param slept for how long the machine has stood still, all in all
   */
  private record Reading(long at, long ahead, long slept) {}

  /**
   * A clock that has not slept yet.
   *
   * @param monotonic stands still with the machine
   * @param wallClock does not, or is set after it
   */
  public SleepAwareClock(MonotonicClock monotonic, InstantSource wallClock) {
    this.monotonic = monotonic;
    this.wallClock = wallClock;
    long now = monotonic.nanoTime();
    this.last = new Reading(now, wallNanos() - now, 0);
    this.lookedAt = now;
  }

  @Override
  public long nanoTime() {
    long now = monotonic.nanoTime();
    if (now - lookedAt < LOOK) {
      return now + last.slept;
    }
    Reading reading = last;
    boolean fresh = now - reading.at < FRESH;
    if (!fresh || Math.abs(wallNanos() - now - reading.ahead) >= JUMP) {
      reading = read();
    }
    lookedAt = now;
    return now + reading.slept;
  }

  private long wallNanos() {
    return TimeUnit.MILLISECONDS.toNanos(wallClock.millis());
  }

  /** A thread that is stopped between its looks at the clocks sees a jump that is none. */
  private synchronized Reading read() {
    for (int i = 0; i < MAX_TRIES; i++) {
      long before = monotonic.nanoTime();
      long wall = wallNanos();
      long now = monotonic.nanoTime();
      if (now - before < TOGETHER) {
        last = next(now, wall - now);
        return last;
      }
    }
    return last;
  }

  private Reading next(long now, long ahead) {
    long jump = ahead - last.ahead;
    if (jump < JUMP) {
      return new Reading(now, ahead, last.slept);
    }
    Log.LOG
        .atWarn()
        .addKeyValue("secs", Duration.ofNanos(jump).toSeconds())
        .log("the machine stood still, or its clock was set: leases of before may be over");
    return new Reading(now, ahead, last.slept + jump);
  }

  /** Made when there is something to be said. */
  private static final class Log {
    private static final Logger LOG = LoggerFactory.getLogger(SleepAwareClock.class);
  }
}
