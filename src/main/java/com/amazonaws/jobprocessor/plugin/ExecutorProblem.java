package com.amazonaws.jobprocessor.plugin;

import java.util.List;

/** The executor cannot be used; the message is one line for the user. */
public final class ExecutorProblem extends Exception {
  private static final long serialVersionUID = 1L;

  private final String[] lines;
  private final boolean missing;

  ExecutorProblem(String message) {
    this(message, List.of(message), false);
  }

  private ExecutorProblem(String message, List<String> lines, boolean missing) {
    super(ExecutorErrorText.line(message));
    this.lines = lines.stream().map(ExecutorErrorText::line).toArray(String[]::new);
    this.missing = missing;
  }

  static ExecutorProblem of(String className, String what) {
    return of(className, List.of(what));
  }

  static ExecutorProblem of(String className, List<String> what) {
    String head = head(className);
    return new ExecutorProblem(
        head + String.join("; ", what), what.stream().map(head::concat).toList(), false);
  }

  static ExecutorProblem missing(String className, String what) {
    String line = head(className) + what;
    return new ExecutorProblem(line, List.of(line), true);
  }

  private static String head(String className) {
    return "job_executor: " + className + ": ";
  }

  /** A line for each problem; the message has them all. */
  public List<String> lines() {
    return List.of(lines);
  }

  /** True if there is no class of that name: it may be misspelt. */
  public boolean isMissing() {
    return missing;
  }
}
