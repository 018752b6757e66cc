package com.amazonaws.jobprocessor.config;

/** The text between two separators, and where it stands. */
sealed interface Entry {
  /** Where the entry stands in its source: {@code line 1, pair 2}. */
  String place();

  /**
   * A pair {@code key=value}.
   *
   * @param key the text before the first {@code =}, never empty
   * @param value the text behind it, may be empty
   */
  record Pair(String place, String key, String value) implements Entry {
    /** Without the value, which may be a secret. */
    @Override
    public String toString() {
      return "Pair[" + place + "]";
    }
  }

  /** Text that is no pair: without {@code =}, or without a key before it. */
  record Stray(String place, String text) implements Entry {
    /** Without the text, which may be the rest of a secret. */
    @Override
    public String toString() {
      return "Stray[" + place + "]";
    }
  }
}
