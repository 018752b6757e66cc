package com.amazonaws.jobprocessor;

/**
 * Thrown by an executor when trying again cannot help: the job goes to the dead-letter queue at
 * once.
 */
public class PermanentJobFailure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * A failure for good.
   *
   * @param message becomes the dead letter's {@code error_message}
   */
  public PermanentJobFailure(String message) {
    super(message);
  }

  /**
   * A failure for good with a cause, whose stack trace goes to the log.
   *
   * @param message becomes the dead letter's {@code error_message}
   * @param cause what went wrong
   */
  public PermanentJobFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
