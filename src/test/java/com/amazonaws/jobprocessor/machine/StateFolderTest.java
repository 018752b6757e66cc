package com.amazonaws.jobprocessor.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StateFolderTest {
  @TempDir Path folder;

  @Test
  void a_folder_that_is_missing_is_made_and_nothing_is_left_in_it() throws IOException {
    Path state = folder.resolve("a/b");
    assertEquals(Optional.empty(), StateFolder.problem(state));
    try (var files = Files.list(state)) {
      assertEquals(0, files.count());
    }
  }

  @Test
  void a_file_in_its_place_or_above_it_is_a_problem() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertTrue(StateFolder.problem(file).orElseThrow().contains("file"));
    assertTrue(StateFolder.problem(file.resolve("below")).isPresent());
  }

  /** Which no user may write to, root included. */
  @Test
  void a_folder_that_takes_no_file_is_a_problem() {
    assertTrue(StateFolder.problem(Path.of("/proc/self")).isPresent());
  }
}
