package com.amazonaws.jobprocessor.executors;

/** A command of {@link ShellCommand} has failed: its exit status and the end of what it said. */
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
