package com.amazonaws.jobprocessor.plugin;

/** The executor cannot be used; the message is one line for the user. */
public final class ExecutorProblem extends Exception {
  private static final long serialVersionUID = 1L;

  ExecutorProblem(String message) {
    super(ThrowableText.line(message));
  }

  static ExecutorProblem of(String className, String what) {
    return new ExecutorProblem("job_executor: " + className + ": " + what);
  }
}
