package com.amazonaws.jobprocessor.client;

import java.time.Duration;

/**
 * When to look again at something that may change at any time: soon at first, ever later, and
 * jittered, so that many who wait do not look together.
 */
final class PollPace {
  private static final long FIRST = Duration.ofMillis(250).toNanos();
  private static final long LONGEST = Duration.ofSeconds(10).toNanos();

  private int looks;

  /**
   * Nanoseconds until the next look: between half and all of a step that doubles from 250 ms to 10
   * s.
   *
   * @param random from 0 to 1
   */
  long next(double random) {
    long step = Math.min(LONGEST, FIRST << Math.min(looks, 20));
    looks++;
    return step / 2 + (long) (random * (step / 2.0));
  }
}
