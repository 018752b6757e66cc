package com.amazonaws.jobprocessor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.config.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds the README to its size, its order, and the table of settings in the code. */
class ReadmeTest {
  private static final int MAX_BYTES = 16_384;
  private static final Pattern SETTINGS =
      Pattern.compile("<!-- settings: [^>]*-->\n(.*?)<!-- end of settings -->", Pattern.DOTALL);

  private static Path file() {
    return Path.of(System.getProperty("basedir", "."), "README.md");
  }

  private static String readme() throws IOException {
    return Files.readString(file());
  }

  @Test
  void it_has_16_kilobytes_at_most() throws IOException {
    assertTrue(Files.size(file()) <= MAX_BYTES, Files.size(file()) + " bytes");
  }

  @Test
  void it_is_in_the_order_of_what_a_user_needs() throws IOException {
    assertEquals(
        List.of(
            "See it run",
            "Use it",
            "Watch it",
            "Your own executor",
            "Submit from your own code",
            "Tasks by day, results in the morning",
            "Settings",
            "Messages",
            "When things go wrong",
            "What if a worker dies",
            "Limits",
            "More"),
        readme()
            .lines()
            .filter(line -> line.startsWith("## "))
            .map(line -> line.substring(3))
            .toList());
  }

  @Test
  void the_table_of_settings_is_the_one_of_the_code() throws IOException {
    Matcher table = SETTINGS.matcher(readme());
    assertTrue(table.find(), "README.md has lost the marks around the table of settings");
    assertEquals(SettingsTable.markdown().strip(), table.group(1).strip());
  }

  @Test
  void the_smallest_executor_is_five_lines() throws IOException {
    Matcher source = Pattern.compile("<<'JAVA'\n(.*?)\nJAVA\n", Pattern.DOTALL).matcher(readme());
    assertTrue(source.find(), "README.md has lost its executor");
    assertEquals(5, source.group(1).lines().count());
  }
}
