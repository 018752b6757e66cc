package com.amazonaws.jobprocessor.executors;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a command into words as a POSIX shell does, without expanding anything: blanks separate,
 * {@code '…'} keeps everything, {@code "…"} all but a backslash before one of {@code " \ $ `}, a
 * backslash elsewhere keeps the next character.
 */
final class Words {
  private final String text;
  private final List<String> words = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean inWord;

  private Words(String text) {
    this.text = text;
  }

  /**
   * The words.
   *
   * @throws IllegalArgumentException if a quote is not closed or a backslash ends the text
   */
  static List<String> of(String text) {
    return new Words(text).split();
  }

  private List<String> split() {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case ' ', '\t', '\n', '\r' -> endWord();
        case '\'' -> i = copy(i + 1, endOfSingle(i), false);
        case '"' -> i = copy(i + 1, endOfDouble(i), true);
        case '\\' -> append(escaped(++i));
        default -> append(c);
      }
    }
    endWord();
    return words;
  }

  private void append(char c) {
    inWord = true;
    word.append(c);
  }

  private void endWord() {
    if (inWord) {
      words.add(word.toString());
      word.setLength(0);
      inWord = false;
    }
  }

  private char escaped(int at) {
    if (at >= text.length()) {
      throw new IllegalArgumentException("a backslash ends the command");
    }
    return text.charAt(at);
  }

  private int endOfSingle(int open) {
    int end = text.indexOf('\'', open + 1);
    if (end < 0) {
      throw new IllegalArgumentException("a ' is not closed");
    }
    return end;
  }

  private int endOfDouble(int open) {
    for (int i = open + 1; i < text.length(); i++) {
      if (text.charAt(i) == '\\') {
        i++;
      } else if (text.charAt(i) == '"') {
        return i;
      }
    }
    throw new IllegalArgumentException("a \" is not closed");
  }

  /** Copies what stands between quotes; returns the place of the closing one. */
  private int copy(int from, int end, boolean escapes) {
    inWord = true;
    for (int i = from; i < end; i++) {
      char c = text.charAt(i);
      boolean escape = escapes && c == '\\' && "\"\\$`".indexOf(text.charAt(i + 1)) >= 0;
      word.append(escape ? text.charAt(++i) : c);
    }
    return end;
  }
}
