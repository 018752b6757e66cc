package com.amazonaws.jobprocessor.executors;

/** What a command of {@link PersistentCommand} has printed is no answer to its job. */
public final class InvalidAnswer extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidAnswer(String message) {
    super(message);
  }

  /** None: where it happened is in the command, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
