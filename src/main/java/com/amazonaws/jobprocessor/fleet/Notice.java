package com.amazonaws.jobprocessor.fleet;

/** This box is about to be taken, or may be; or it is not, after all. */
public sealed interface Notice {
  /**
   * A spot interruption.
   *
   * @param action {@code terminate}, {@code stop} or {@code hibernate}
   * @param at when, by the monotonic clock, in nanoseconds
   */
  record Interruption(String action, long at) implements Notice {}

  /**
   * The interruption that was told of has not come, or is over: the instance has been stopped or
   * hibernated, and runs again.
   */
  record Survived() implements Notice {}

  /** Auto Scaling ends the instance. */
  record ScaleIn() implements Notice {}

  /**
   * The instance is in its Auto Scaling group's warm pool, or about to be put there.
   *
   * @param state that Auto Scaling wants it to come to, such as {@code Warmed:Stopped}
   */
  record WarmPool(String state) implements Notice {}

  /** The instance leaves the warm pool: it is to work. */
  record InService() implements Notice {}

  /** EC2 recommends to move away from the instance. */
  record Rebalance() implements Notice {}
}
