package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Waits between failing calls: doubled each time, capped, and jittered so that many workers do not
 * come back at once.
 */
public final class Backoff {
  private static final long FIRST = Duration.ofMillis(100).toNanos();
  private static final long LONGEST = Duration.ofSeconds(10).toNanos();

  private int failures;

  /**
   * Takes note of a failure and says how long to wait, in nanoseconds: between half and all of the
   * step.
   */
  public long failed() {
    long step = Math.min(LONGEST, FIRST << Math.min(failures, 20));
    failures++;
    return step / 2 + ThreadLocalRandom.current().nextLong(step / 2 + 1);
  }

  /** A call worked: the next failure begins with the shortest wait. */
  public void worked() {
    failures = 0;
  }

  /** Waits after a failure. */
  public void pause(MonotonicClock clock) throws InterruptedException {
    clock.sleep(failed());
  }
}
