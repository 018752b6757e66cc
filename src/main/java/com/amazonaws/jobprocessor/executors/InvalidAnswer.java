package com.amazonaws.jobprocessor.executors;

/** What a command of {@link PersistentCommand} has printed is no answer to its job. */
public final class InvalidAnswer extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean meantAsAnswer;

  InvalidAnswer(String message) {
    this(message, false);
  }

  private InvalidAnswer(String message, boolean meantAsAnswer) {
    super(message);
    this.meantAsAnswer = meantAsAnswer;
  }

  /** What is printed was meant as an answer, since it has the fields of one. */
  static InvalidAnswer inField(String message) {
    return new InvalidAnswer(message, true);
  }

  /** It may have been printed before the process had its first job, unless it is like an answer. */
  InvalidAnswer ofNewProcess() {
    return meantAsAnswer
        ? this
        : new InvalidAnswer(
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
