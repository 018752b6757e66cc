package com.amazonaws.jobprocessor.client;

/**
 * AWS does not do what was asked, now or for good; the message is one line that names what and why.
 * A mistake of the caller's is an {@link IllegalArgumentException}.
 */
public class ClientException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** An exception with a message of one line. */
  public ClientException(String message) {
    super(message);
  }

  /** An exception with a message of one line, and what it is due to. */
  public ClientException(String message, Throwable cause) {
    super(message, cause);
  }
}
