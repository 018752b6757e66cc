package com.amazonaws.jobprocessor.config;

import java.util.ArrayList;
import java.util.List;

/** Cuts a text into its entries: at commas and newlines, each at its first {@code =}. */
final class Entries {
  private Entries() {}

  /** The entries of some lines in order, the empty ones left out. */
  static List<Entry> of(List<Envelope.Line> lines) {
    List<Entry> entries = new ArrayList<>();
    for (Envelope.Line line : lines) {
      int number = 0;
      for (String text : split(line.text())) {
        if (!text.isEmpty()) {
          number++;
          entries.add(entry("line " + line.number() + ", pair " + number, text));
        }
      }
    }
    return entries;
  }

  /** The text without blanks (space, tab, carriage return) at both ends. */
  static String strip(String text) {
    int from = 0;
    int to = text.length();
    while (from < to && isBlank(text.charAt(from))) {
      from++;
    }
    while (to > from && isBlank(text.charAt(to - 1))) {
      to--;
    }
    return text.substring(from, to);
  }

  private static boolean isBlank(char c) {
    // Not String.strip, which would drop control characters as well: they are a problem to report.
    return c == ' ' || c == '\t' || c == '\r';
  }

  private static List<String> split(String line) {
    List<String> texts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i < line.length(); i++) {
      if (isEscape(line, i)) {
        i++;
      } else if (line.charAt(i) == ',') {
        texts.add(strip(line.substring(start, i)));
        start = i + 1;
      }
    }
    texts.add(strip(line.substring(start)));
    return texts;
  }

  private static boolean isEscape(String text, int i) {
    return text.charAt(i) == '\\'
        && i + 1 < text.length()
        && (text.charAt(i + 1) == ',' || text.charAt(i + 1) == '\\');
  }

  private static Entry entry(String place, String text) {
    int equals = text.indexOf('=');
    return equals <= 0
        ? new Entry.Stray(place, text)
        : new Entry.Pair(
            place, strip(text.substring(0, equals)), unescape(strip(text.substring(equals + 1))));
  }

  private static String unescape(String text) {
    StringBuilder plain = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      if (isEscape(text, i)) {
        i++;
      }
      plain.append(text.charAt(i));
    }
    return plain.toString();
  }
}
