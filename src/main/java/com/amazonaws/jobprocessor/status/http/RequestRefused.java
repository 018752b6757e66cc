package com.amazonaws.jobprocessor.status.http;

/** A request that is no HTTP, or beyond the {@link Limits}; the message is for whoever sent it. */
public final class RequestRefused extends Exception {
  private static final long serialVersionUID = 1;

  private final int status;

  RequestRefused(int status, String message) {
    super(
        message, null, false, false); // no stack trace: whoever attacks shall not have us make one
    this.status = status;
  }

  /** The status of the answer: 400 or more. */
  public int status() {
    return status;
  }
}
