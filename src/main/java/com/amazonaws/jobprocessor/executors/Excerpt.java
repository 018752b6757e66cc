package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.regex.Pattern;

/** The beginning of what a command has printed, quoted, for a message. */
final class Excerpt {
  private static final int MAX_CHARACTERS = 200;
  private static final Pattern UNREADABLE = Pattern.compile("[\\p{Cc}\\p{Cs}]+");

  private Excerpt() {}

  static String of(byte[] bytes, int offset, int length) {
    return of(new String(bytes, offset, Math.min(length, 4 * MAX_CHARACTERS), UTF_8));
  }

  static String of(String text) {
    String line = UNREADABLE.matcher(text).replaceAll(" ").strip();
    return line.codePointCount(0, line.length()) <= MAX_CHARACTERS
        ? '"' + line + '"'
        : '"' + line.substring(0, line.offsetByCodePoints(0, MAX_CHARACTERS)) + "...\"";
  }
}
