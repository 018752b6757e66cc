package com.amazonaws.jobprocessor.fleet;

/** This box is about to be taken, or may be. */
public sealed interface Notice {
  /**
   * A spot interruption.
   *
   * @param action {@code terminate}, {@code stop} or {@code hibernate}
   * @param at when, by the monotonic clock, in nanoseconds
   */
  record Interruption(String action, long at) implements Notice {}

  /** Auto Scaling ends the instance. */
  record ScaleIn() implements Notice {}

  /** EC2 recommends to move away from the instance. */
  record Rebalance() implements Notice {}
}
