package com.amazonaws.jobprocessor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.config.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Holds what the README says to the code. */
class ReadmeTest {
  private static final Pattern SETTINGS =
      Pattern.compile("<!-- settings: [^>]*-->\n(.*?)<!-- end of settings -->", Pattern.DOTALL);

  private static String readme() throws IOException {
    return Files.readString(Path.of(System.getProperty("basedir", "."), "README.md"));
  }

  @Test
  void the_table_of_settings_is_the_one_of_the_code() throws IOException {
    Matcher table = SETTINGS.matcher(readme());
    assertTrue(table.find(), "README.md has lost the marks around the table of settings");
    assertEquals(SettingsTable.markdown().strip(), table.group(1).strip());
  }

  @Test
  void the_smallest_executor_of_the_readme_is_five_lines() throws IOException {
    Matcher source = Pattern.compile("<<'JAVA'\n(.*?)\nJAVA\n", Pattern.DOTALL).matcher(readme());
    assertTrue(source.find(), "README.md has lost its executor");
    assertEquals(5, source.group(1).lines().count());
  }
}
