package com.amazonaws.jobprocessor.config;

import java.util.ArrayList;
import java.util.List;

/** Prints the table of settings for {@code --help} and for the README. */
public final class SettingsTable {
  private static final int COLUMNS = 100;
  private static final int KEY_COLUMN = 37;

  private SettingsTable() {}

  /** The table as plain text: at most 100 columns, each key with default, range and meaning. */
  public static String help() {
    StringBuilder help = new StringBuilder();
    for (Setting setting : Setting.values()) {
      String head = setting.key();
      for (String line : describe(setting)) {
        help.append(head).repeat(' ', KEY_COLUMN - head.length()).append(line).append('\n');
        head = "";
      }
    }
    return help.toString();
  }

  /** The table in Markdown: {@code | key | default | range | meaning |}. */
  public static String markdown() {
    StringBuilder table = new StringBuilder("| key | default | range | meaning |\n");
    table.append("| --- | --- | --- | --- |\n");
    for (Setting setting : Setting.values()) {
      boolean literal = setting.defaultValue() != null;
      table
          .append("| `")
          .append(setting.key())
          .append("` | ")
          .append(literal ? "`" + setting.defaultText() + "`" : setting.defaultText())
          .append(" | ")
          .append(setting.rule().allowed())
          .append(" | ")
          .append(setting.meaning())
          .append(" |\n");
    }
    return table.toString();
  }

  private static List<String> describe(Setting setting) {
    List<String> lines = new ArrayList<>();
    lines.addAll(wrap("default: " + setting.defaultText()));
    lines.addAll(wrap("range: " + setting.rule().allowed()));
    lines.addAll(wrap(setting.meaning()));
    return lines;
  }

  private static List<String> wrap(String text) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split(" ", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > COLUMNS - KEY_COLUMN) {
        lines.add(line.toString());
        line.setLength(0);
      }
      line.append(line.isEmpty() ? "" : " ").append(word);
    }
    lines.add(line.toString());
    return lines;
  }
}
