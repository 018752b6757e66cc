package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.function.Executable;

/** The message of what is thrown. */
final class Thrown {
  private Thrown() {}

  static String message(Class<? extends Throwable> type, Executable code) {
    return String.valueOf(assertThrows(type, code).getMessage());
  }
}
