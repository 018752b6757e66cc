package com.amazonaws.jobprocessor.config;

/** Makes text from outside safe to show: one line, without invisible characters. */
final class Printable {
  private static final int MAX_VALUE_LENGTH = 60;

  private Printable() {}

  /** The text with control characters, line ends and other invisible characters as \\uXXXX. */
  static String line(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(shown, c));
    return shown.toString();
  }

  /** The text in quotes, on one line, cut at about 60 characters. */
  static String quote(String text) {
    return '"' + cut(line(text), MAX_VALUE_LENGTH) + '"';
  }

  /** The text, or its beginning with dots if it has more characters than this. */
  static String cut(String text, int characters) {
    return text.codePointCount(0, text.length()) <= characters
        ? text
        : text.substring(0, text.offsetByCodePoints(0, characters)) + "...";
  }

  /** True if the text holds a control character, such as NUL, tab or escape. */
  static boolean hasControl(String text) {
    return text.chars().anyMatch(Character::isISOControl);
  }

  private static void append(StringBuilder shown, int c) {
    if (isVisible(c)) {
      shown.appendCodePoint(c);
    } else {
      shown.append("\\u").append("%04x".formatted(c));
    }
  }

  private static boolean isVisible(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.PRIVATE_USE,
          Character.UNASSIGNED,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      case Character.SPACE_SEPARATOR -> c == ' ';
      default -> true;
    };
  }
}
