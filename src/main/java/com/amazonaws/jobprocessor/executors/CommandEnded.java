package com.amazonaws.jobprocessor.executors;

/**
 * A command of {@link PersistentCommand} has ended before it answered: its exit status and the end
 * of what it said.
 */
public final class CommandEnded extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandEnded(String message) {
    super(message);
  }

  /** None: where it happened is in the command, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
