package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class CommandLineTest {
  @Test
  void without_arguments_the_worker_runs_with_the_instances_user_data() throws StartRefused {
    CommandLine line = CommandLine.parse();

    assertEquals(CommandLine.Action.RUN, line.action());
    assertNull(line.userData());
    assertNull(line.userDataFile());
  }

  @Test
  void user_data_may_be_empty_and_may_look_like_an_option() throws StartRefused {
    assertEquals("", CommandLine.parse("--user-data", "").userData());
    assertEquals("--check", CommandLine.parse("--user-data", "--check").userData());
  }

  @Test
  void a_file_is_named_and_a_dash_is_standard_input() throws StartRefused {
    assertEquals(Path.of("x.txt"), CommandLine.parse("--user-data-file", "x.txt").userDataFile());
    assertEquals(
        Path.of("-"), CommandLine.parse("--check", "--user-data-file", "-").userDataFile());
  }

  @Test
  void help_wins_over_check() throws StartRefused {
    assertEquals(CommandLine.Action.HELP, CommandLine.parse("--help", "--check").action());
    assertEquals(CommandLine.Action.CHECK, CommandLine.parse("--check").action());
    assertEquals(CommandLine.Action.VERSION, CommandLine.parse("--version").action());
  }

  @Test
  void nonsense_is_refused_with_78_and_never_shows_a_value() {
    StartRefused refused =
        assertThrows(
            StartRefused.class, () -> CommandLine.parse("--user-date=secret_access_key=hidden"));
    assertEquals(78, refused.status());
    assertTrue(refused.lines().getFirst().startsWith("--user-date: unknown"));
    assertFalse(refused.lines().toString().contains("hidden"));

    StartRefused lines =
        assertThrows(
            StartRefused.class,
            () -> CommandLine.parse("--user-data=concurrency=2\nsecret_access_key=hidden"));
    assertTrue(lines.lines().getFirst().startsWith("--user-data: unknown"));
    assertFalse(lines.lines().toString().contains("hidden"));

    for (String argument : new String[] {"hidden", "-phidden"}) {
      StartRefused stray =
          assertThrows(StartRefused.class, () -> CommandLine.parse("--check", argument));
      assertTrue(stray.lines().getFirst().startsWith("argument 2: no option (not shown"));
      assertFalse(stray.lines().toString().contains("hidden"));
    }
  }

  @Test
  void an_option_of_one_letter_is_named() {
    StartRefused refused = assertThrows(StartRefused.class, () -> CommandLine.parse("-V"));
    assertTrue(refused.lines().getFirst().startsWith("-V: unknown; allowed are "));
  }

  @Test
  void an_option_without_its_value_and_two_sources_are_refused() {
    assertThrows(StartRefused.class, () -> CommandLine.parse("--user-data"));
    assertThrows(StartRefused.class, () -> CommandLine.parse("--user-data-file"));
    assertThrows(
        StartRefused.class, () -> CommandLine.parse("--user-data", "", "--user-data-file", "x"));
  }

  @Test
  void a_file_name_that_cannot_be_one_is_refused_with_78() {
    StartRefused refused =
        assertThrows(StartRefused.class, () -> CommandLine.parse("--user-data-file", "a\0b"));

    assertEquals(78, refused.status());
    assertTrue(refused.lines().getFirst().startsWith("--user-data-file: "));
  }

  @Test
  void offline_goes_with_check_only() throws StartRefused {
    assertTrue(CommandLine.parse("--check", "--offline").offline());
    assertTrue(CommandLine.parse("--offline", "--check").offline());
    assertFalse(CommandLine.parse("--check").offline());
    StartRefused refused = assertThrows(StartRefused.class, () -> CommandLine.parse("--offline"));
    assertEquals(78, refused.status());
  }
}
