package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.RetryAfter;
import java.time.Duration;

/** A {@link CommandFailed} that says when to try again. */
public final class CommandFailedRetryAfter extends RetryAfter {
  private static final long serialVersionUID = 1L;

  CommandFailedRetryAfter(Duration delay, String message) {
    super(delay, message);
  }

  /** None: where it happened is in the command, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
