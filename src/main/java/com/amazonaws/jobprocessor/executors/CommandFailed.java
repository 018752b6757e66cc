package com.amazonaws.jobprocessor.executors;

/**
 * A command has failed: of {@link ShellCommand} its exit status and the end of what it said, of
 * {@link PersistentCommand} the error that it answered.
 */
public final class CommandFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  CommandFailed(String message) {
    super(message);
  }

  /** None: where it happened is in the command, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
