package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;

/** Text for a terminal or a line: whatever comes from a message is hostile. */
final class Text {
  private Text() {}

  /**
   * The text on one line, without anything that could move a cursor: such characters are shown as
   * escapes.
   */
  static String oneLine(String text) {
    StringBuilder line = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(line, c, false));
    return line.toString();
  }

  /** The text with its line feeds and tabs, other characters that could move a cursor escaped. */
  static String lines(String text) {
    StringBuilder lines = new StringBuilder(text.length());
    text.codePoints().forEach(c -> append(lines, c, true));
    return lines.toString();
  }

  private static void append(StringBuilder line, int c, boolean severalLines) {
    switch (c) {
      case '\n' -> line.append(severalLines ? "\n" : "\\n");
      case '\r' -> line.append("\\r");
      case '\t' -> line.append(severalLines ? "\t" : "\\t");
      case '\\' -> line.append(severalLines ? "\\" : "\\\\");
      default -> appendVisible(line, c);
    }
  }

  private static void appendVisible(StringBuilder line, int c) {
    int type = Character.getType(c);
    if (Printable.isPrintable(c) || type == Character.PRIVATE_USE || type == Character.UNASSIGNED) {
      line.appendCodePoint(c);
    } else {
      line.append("\\u{").append(Integer.toHexString(c)).append('}');
    }
  }

  /** One line of at most so many characters, its middle left out. */
  static String cell(String text, int max) {
    return Printable.cutMiddle(oneLine(text), max);
  }

  /** The cell, filled up with blanks. */
  static String pad(String cell, int width) {
    return cell + " ".repeat(Math.max(0, width - length(cell)));
  }

  /** The cell, blanks before it. */
  static String padLeft(String cell, int width) {
    return " ".repeat(Math.max(0, width - length(cell))) + cell;
  }

  /** Characters, as a reader counts them. */
  static int length(String text) {
    return text.codePointCount(0, text.length());
  }

  /**
   * Why SQS does not take a text: its first character that is none of XML's, and where it stands;
   * null if there is none.
   */
  static String unsendable(String text) {
    int place = 1;
    for (int i = 0; i < text.length(); place++) {
      int end = text.offsetByCodePoints(i, 1);
      if (!MessageFormat.isSendable(text.substring(i, end))) {
        return "has a character that SQS does not accept: U+%04X at character %s"
            .formatted(text.codePointAt(i), place);
      }
      i = end;
    }
    return null;
  }

  /** A number with its noun, as in {@code 1 job} and {@code 2 jobs}. */
  static String count(long number, String noun) {
    return count(number, noun, noun + "s");
  }

  /** A number with its noun, as in {@code 1 box} and {@code 2 boxes}. */
  static String count(long number, String noun, String nouns) {
    return number + " " + (number == 1 ? noun : nouns);
  }
}
