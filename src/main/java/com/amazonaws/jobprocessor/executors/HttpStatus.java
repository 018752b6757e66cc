package com.amazonaws.jobprocessor.executors;

/** {@link HttpPost} got an answer with another status than 2xx. */
public final class HttpStatus extends RuntimeException {
  private static final long serialVersionUID = 1L;

  HttpStatus(String message) {
    super(message);
  }

  /** None: where it happened is in the server, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
