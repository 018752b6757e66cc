package com.amazonaws.jobprocessor;

import java.time.Duration;

/**
 * Thrown by an executor to fail the attempt and to say when the next one may start, instead of
 * {@code retry_delay_in_secs}. It counts as an attempt like any other failure.
 */
public class RetryAfter extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** The time to wait, never negative. */
  private final Duration delay;

  /**
   * A failure whose retry waits.
   *
   * @param delay from zero; SQS counts whole seconds, and at most what is left of twelve hours
   *     since the job was received
   * @param message becomes the dead letter's {@code error_message} if this was the last attempt
   * @throws IllegalArgumentException if the delay is negative
   */
  public RetryAfter(Duration delay, String message) {
    this(delay, message, null);
  }

  /**
   * A failure whose retry waits, with a cause.
   *
   * @param delay as in {@link #RetryAfter(Duration, String)}
   * @param message as in {@link #RetryAfter(Duration, String)}
   * @param cause what went wrong, or null
   */
  public RetryAfter(Duration delay, String message, Throwable cause) {
    super(message, cause);
    if (delay.isNegative()) {
      throw new IllegalArgumentException("a retry cannot wait for " + delay);
    }
    this.delay = delay;
  }

  /**
   * A failure whose retry waits, without a message of its own.
   *
   * @param delay as in {@link #RetryAfter(Duration, String)}
   */
  public RetryAfter(Duration delay) {
    this(delay, "try again after " + delay.toSeconds() + " s");
  }

  /**
   * The time to wait before the next attempt.
   *
   * @return the delay, zero or more
   */
  public Duration delay() {
    return delay;
  }
}
