package com.amazonaws.jobprocessor.bench;

import java.util.List;
import java.util.stream.IntStream;

/** Makes jobs and the results that they must have. */
final class Jobs {
  private static final int LENGTH = 60;
  private static final String FILLER =
      "-lorem-ipsum-dolor-sit-amet-consectetur-adipiscing-elit-sed";

  private Jobs() {}

  /** Texts of 60 characters without blanks, no two the same. */
  static List<String> texts(int count) {
    return IntStream.range(0, count).mapToObj(Jobs::text).toList();
  }

  /** One of them, by its number from 0. */
  static String text(int number) {
    return ("job-%08d".formatted(number) + FILLER).substring(0, LENGTH);
  }

  /** The texts, each reversed. */
  static List<String> reversed(List<String> texts) {
    return texts.stream().map(text -> new StringBuilder(text).reverse().toString()).toList();
  }
}
