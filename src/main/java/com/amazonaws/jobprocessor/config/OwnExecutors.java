package com.amazonaws.jobprocessor.config;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The executors that come with the worker: {@code job_executor} takes their simple names, too. */
public final class OwnExecutors {
  static final List<String> SIMPLE_NAMES =
      List.of(
          "CountPrimes",
          "HttpPost",
          "PersistentCommand",
          "ReverseSpacelessString",
          "ShellCommand",
          "Sleep");

  private static final String PACKAGE = "com.amazonaws.jobprocessor.executors.";

  private OwnExecutors() {}

  /** The fully qualified name of one of our executors; any other name as it is. */
  static String resolve(String name) {
    return SIMPLE_NAMES.contains(name) ? PACKAGE + name : name;
  }

  /**
   * The executor of ours that a class name which cannot be found probably means.
   *
   * @param className as it was given, with or without a package
   * @return its simple name, or null if none is near
   */
  public static @Nullable String nearest(String className) {
    String name = className.substring(className.lastIndexOf('.') + 1);
    if (SIMPLE_NAMES.contains(name)) {
      return name;
    }
    boolean elsewhere = className.contains(".") && !className.startsWith("com.amazonaws.");
    return elsewhere ? null : Nearest.of(name, SIMPLE_NAMES);
  }
}
