package com.amazonaws.jobprocessor.executors;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Reads an executor's settings; what is wrong is an IllegalArgumentException for the user. */
final class Options {
  private final String executor;
  private final Map<String, String> left;
  private final Set<String> known = new TreeSet<>();

  Options(String executor, Map<String, String> settings) {
    this.executor = executor;
    this.left = new HashMap<>(settings);
  }

  @Nullable String text(String name) {
    known.add("executor." + name);
    return left.remove(name);
  }

  String required(String name, String example) {
    String value = text(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "executor."
              + name
              + ": missing; "
              + executor
              + " needs it, e.g. executor."
              + name
              + "="
              + example);
    }
    return value;
  }

  /** A number of seconds within bounds. */
  Duration seconds(String name, int usual, int least, int most) {
    return Duration.ofSeconds(number(name, usual, least, most));
  }

  /** A whole number within bounds. */
  int number(String name, int usual, int least, int most) {
    String value = text(name);
    return value == null ? usual : number(name, value, least, most);
  }

  /** Numbers within bounds, separated by blanks or semicolons. */
  Set<Integer> numbers(String name, int least, int most) {
    Set<Integer> numbers = new HashSet<>();
    String value = text(name);
    if (value != null) {
      for (String number : value.split("[\\s;]+", -1)) {
        numbers.add(number(name, number, least, most));
      }
    }
    return numbers;
  }

  private static int number(String name, String value, int least, int most) {
    if (!value.matches("[0-9]{1,9}")
        || Integer.parseInt(value) < least
        || Integer.parseInt(value) > most) {
      throw new IllegalArgumentException(
          "executor."
              + name
              + ": \""
              + value
              + "\" is not a whole number from "
              + least
              + " to "
              + most);
    }
    return Integer.parseInt(value);
  }

  /** To be called when all have been read: the rest is unknown. */
  void refuseRest() {
    if (!left.isEmpty()) {
      throw new IllegalArgumentException(
          "executor."
              + String.join(", executor.", new TreeSet<>(left.keySet()))
              + ": unknown setting; "
              + executor
              + " takes "
              + String.join(", ", known));
    }
  }
}
