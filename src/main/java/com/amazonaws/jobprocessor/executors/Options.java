package com.amazonaws.jobprocessor.executors;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads an executor's settings. What is wrong is collected, and thrown at the end for the user: the
 * first problem as an IllegalArgumentException, the others suppressed in it.
 */
final class Options {
  private static final String PREFIX = "executor.";

  /** So many letters of a setting's name are enough: {@code timeout}. */
  private static final int TELLING_PART = 4;

  private final String executor;
  private final Map<String, String> left;
  private final Set<String> known = new TreeSet<>();
  private final List<String> problems = new ArrayList<>();

  /** Reads a setting's text; its IllegalArgumentException is a problem for the user. */
  interface Reader<T> {
    T read(String text);
  }

  Options(String executor, Map<String, String> settings) {
    this.executor = executor;
    this.left = new HashMap<>(settings);
  }

  @Nullable String text(String name) {
    known.add(name);
    return left.remove(name);
  }

  /** The text, or an empty one if it is missing, which is a problem. */
  String required(String name, String example) {
    String value = text(name);
    if (value == null) {
      problems.add(
          "executor.%s: missing; %s needs it, e.g. executor.%s=%s"
              .formatted(name, executor, name, example));
      return "";
    }
    return value;
  }

  /**
   * What is made of a setting's text, now that all others have been read; null if there is a
   * problem, of this one or another.
   */
  <T> @Nullable T checked(String text, Reader<T> reader) {
    try {
      return text.isEmpty() ? null : reader.read(text);
    } catch (IllegalArgumentException e) {
      problems.add(String.valueOf(e.getMessage()));
      return null;
    }
  }

  /** A number of seconds within bounds. */
  Duration seconds(String name, int usual, int least, int most) {
    return Duration.ofSeconds(number(name, usual, least, most));
  }

  /** A whole number within bounds. */
  int number(String name, int usual, int least, int most) {
    String value = text(name);
    return value != null && isNumber(name, value, least, most) ? Integer.parseInt(value) : usual;
  }

  /** Numbers within bounds, separated by blanks or semicolons. */
  Set<Integer> numbers(String name, int least, int most) {
    Set<Integer> numbers = new HashSet<>();
    String value = text(name);
    if (value != null) {
      for (String number : value.split("[\\s;]+", -1)) {
        if (isNumber(name, number, least, most)) {
          numbers.add(Integer.parseInt(number));
        }
      }
    }
    return numbers;
  }

  private boolean isNumber(String name, String value, int least, int most) {
    boolean good =
        value.matches("[0-9]{1,9}")
            && Integer.parseInt(value) >= least
            && Integer.parseInt(value) <= most;
    if (!good) {
      problems.add(
          "executor.%s: \"%s\" is not a whole number from %s to %s"
              .formatted(name, value, least, most));
    }
    return good;
  }

  /** To be called when all have been read: the rest is unknown. */
  void refuseProblems() {
    for (String unknown : new TreeMap<>(left).keySet()) {
      problems.add(unknown(unknown));
    }
    if (!problems.isEmpty()) {
      IllegalArgumentException first = new IllegalArgumentException(problems.getFirst());
      problems.stream().skip(1).map(IllegalArgumentException::new).forEach(first::addSuppressed);
      throw first;
    }
  }

  private String unknown(String name) {
    String hint =
        known.stream()
            .filter(candidate -> isNear(name, candidate))
            .findFirst()
            .map(near -> "; did you mean " + PREFIX + near + "? ")
            .orElse("; ");
    String all = PREFIX + String.join(", " + PREFIX, known);
    return PREFIX + name + ": unknown setting" + hint + executor + " takes " + all;
  }

  /** One is a telling part of the other, or they differ in two letters in one place at most. */
  private static boolean isNear(String name, String candidate) {
    int shorter = Math.min(name.length(), candidate.length());
    int begin = 0;
    while (begin < shorter && name.charAt(begin) == candidate.charAt(begin)) {
      begin++;
    }
    int end = 0;
    while (end < shorter - begin
        && name.charAt(name.length() - 1 - end) == candidate.charAt(candidate.length() - 1 - end)) {
      end++;
    }
    int differ = Math.max(name.length(), candidate.length()) - begin - end;
    return differ <= 2
        || (name.length() >= TELLING_PART && candidate.contains(name))
        || name.contains(candidate);
  }
}
