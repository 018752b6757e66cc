package com.amazonaws.jobprocessor.bench;

import java.util.List;

/** Sentences below a table, in lines of up to 100 characters. */
final class Notes {
  private static final int LONGEST = 100;

  private Notes() {}

  static String of(List<String> sentences) {
    StringBuilder text = new StringBuilder("\n");
    int column = 0;
    for (String word : String.join(" ", sentences).split(" ", -1)) {
      if (column > 0 && column + 1 + word.length() > LONGEST) {
        text.append('\n');
        column = 0;
      }
      text.append(column == 0 ? "" : " ").append(word);
      column += word.length() + (column == 0 ? 0 : 1);
    }
    return text.append('\n').toString();
  }
}
