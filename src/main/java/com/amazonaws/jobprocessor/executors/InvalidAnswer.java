package com.amazonaws.jobprocessor.executors;

/** What a command of {@link PersistentCommand} has printed is no answer to its job. */
public final class InvalidAnswer extends RuntimeException {
  private static final long serialVersionUID = 1L;

  InvalidAnswer(String message) {
    super(message);
  }

  /** It may have been printed before the process had its first job, and nobody can tell. */
  InvalidAnswer ofNewProcess() {
    return new InvalidAnswer(
        getMessage()
            + " (the first output of a new process; what it prints when it starts belongs on"
            + " standard error)");
  }

  /** None: where it happened is in the command, not in Java. */
  @Override
  public synchronized Throwable fillInStackTrace() {
    return this;
  }
}
