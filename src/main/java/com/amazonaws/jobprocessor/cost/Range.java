package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;

/** Refuses invalid inputs, in words for the one who gave them. */
final class Range {
  private Range() {}

  /**
   * Does nothing if the value lies between the two, both allowed.
   *
   * @throws IllegalArgumentException with a line for people
   */
  static void of(String what, BigDecimal value, String least, String most) {
    if (value.compareTo(new BigDecimal(least)) < 0 || value.compareTo(new BigDecimal(most)) > 0) {
      throw new IllegalArgumentException(what + ": " + least + " to " + most + ", not " + value);
    }
  }

  /** As {@link #of(String, BigDecimal, String, String)}. */
  static void of(String what, long value, long least, long most) {
    of(what, BigDecimal.valueOf(value), Long.toString(least), Long.toString(most));
  }
}
