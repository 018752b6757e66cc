package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.PermanentJobFailure;

/**
 * A {@link CommandFailed} whose exit status is listed in {@code permanent_exit_codes}, or whose
 * answer says that it is permanent.
 */
public final class CommandFailedForGood extends PermanentJobFailure {
  private static final long serialVersionUID = 1L;

  CommandFailedForGood(String message) {
    super(message);
  }

  /** None: where it happened is in the command, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
