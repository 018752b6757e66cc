package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.PermanentJobFailure;

/** An {@link HttpStatus} that is listed in {@code permanent_statuses}. */
public final class HttpStatusForGood extends PermanentJobFailure {
  private static final long serialVersionUID = 1L;

  HttpStatusForGood(String message) {
    super(message);
  }

  /** None: where it happened is in the server, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
