package com.amazonaws.jobprocessor.client;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Text for a terminal or a line: whatever comes from a message is hostile. */
final class Text {
  private Text() {}

  /**
   * The text on one line, without anything that could move a cursor: such characters are shown as
   * escapes.
   */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '\n' -> line.append("\\n");
                case '\r' -> line.append("\\r");
                case '\t' -> line.append("\\t");
                case '\\' -> line.append("\\\\");
                default -> appendPrintable(line, c);
              }
            });
    return line.toString();
  }

  private static void appendPrintable(StringBuilder line, int c) {
    switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          line.append("\\u{").append(Integer.toHexString(c)).append('}');
      default -> line.appendCodePoint(c);
    }
  }

  /** One line of at most so many characters. */
  static String cell(String text, int most) {
    String line = oneLine(text);
    return line.codePointCount(0, line.length()) <= most
        ? line
        : line.substring(0, line.offsetByCodePoints(0, most - 1)) + "…";
  }

  /** The cell, filled up with blanks. */
  static String pad(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - cell.codePointCount(0, cell.length())));
  }

  /** True if standard error is a terminal: a progress bar belongs there, and nowhere else. */
  static boolean isErrATerminal() {
    try {
      String target = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return target.startsWith("/dev/pts/")
          || target.startsWith("/dev/tty")
          || target.equals("/dev/console");
    } catch (IOException | UnsupportedOperationException e) {
      return System.console() != null && System.console().isTerminal();
    }
  }
}
