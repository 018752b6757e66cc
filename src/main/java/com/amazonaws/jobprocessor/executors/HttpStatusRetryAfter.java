package com.amazonaws.jobprocessor.executors;

import com.amazonaws.jobprocessor.RetryAfter;
import java.time.Duration;

/** An {@link HttpStatus} of 429 or 503 whose answer says when to try again. */
public final class HttpStatusRetryAfter extends RetryAfter {
  private static final long serialVersionUID = 1L;

  HttpStatusRetryAfter(Duration delay, String message) {
    super(delay, message);
  }

  /** None: where it happened is in the server, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
