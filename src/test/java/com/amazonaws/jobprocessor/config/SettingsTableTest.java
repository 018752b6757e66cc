package com.amazonaws.jobprocessor.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class SettingsTableTest {
  @Test
  void help_lines_fit_100_columns_and_line_up() {
    List<String> lines = SettingsTable.help().lines().toList();

    for (String line : lines) {
      assertTrue(line.length() <= 100, line);
      assertTrue(line.matches("\\p{ASCII}+"), line); // shown right in every locale
      assertEquals(line.stripTrailing(), line);
      assertEquals(' ', line.charAt(36), line);
      assertFalse(line.charAt(37) == ' ', line);
    }
  }

  @Test
  void help_tells_default_range_and_meaning_of_each_key() {
    String help = SettingsTable.help().replaceAll("\\s+", " ");

    for (Setting setting : Setting.values()) {
      String row =
          setting.key()
              + " default: "
              + setting.defaultText()
              + " range: "
              + setting.rule().allowed();
      assertTrue(help.contains(row), row);
      assertTrue(help.contains(setting.meaning()), setting.meaning());
    }
  }

  @Test
  void markdown_has_four_cells_a_key() {
    List<String> lines = SettingsTable.markdown().lines().toList();

    assertEquals("| key | default | range | meaning |", lines.get(0));
    assertEquals("| --- | --- | --- | --- |", lines.get(1));
    assertEquals(Setting.values().length + 2, lines.size());
    assertTrue(lines.stream().allMatch(line -> line.chars().filter(c -> c == '|').count() == 5));
    assertTrue(
        lines.contains(
            "| `job_failure_retries` | `1` | 0 to 100 | retries before a failing job goes to the"
                + " dead-letter queue: 1 means two attempts |"));
  }
}
