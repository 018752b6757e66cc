package com.amazonaws.jobprocessor.plugin;

/** The executor cannot be used; the message is one line for the user. */
public final class ExecutorProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean missing;

  ExecutorProblem(String message) {
    this(message, false);
  }

  private ExecutorProblem(String message, boolean missing) {
    super(ExecutorErrorText.line(message));
    this.missing = missing;
  }

  static ExecutorProblem of(String className, String what) {
    return new ExecutorProblem("job_executor: " + className + ": " + what);
  }

  static ExecutorProblem missing(String className, String what) {
    return new ExecutorProblem("job_executor: " + className + ": " + what, true);
  }

  /** True if there is no class of that name: it may be misspelt. */
  public boolean isMissing() {
    return missing;
  }
}
