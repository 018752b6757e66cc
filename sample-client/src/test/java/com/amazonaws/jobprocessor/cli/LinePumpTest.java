package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LinePumpTest {
  @TempDir Path folder;

  /** A file of many gigabytes takes minutes to check. */
  @Test
  void a_stop_ends_the_check_of_a_file() throws Exception {
    Path file = Files.writeString(folder.resolve("jobs"), "\u0001\n".repeat(100_000));
    Stop stop = new Stop();
    List<Long> bad = new ArrayList<>();

    assertThrows(
        Stop.Asked.class,
        () ->
            LinePump.check(
                file.toString(),
                stop,
                (line, _) -> {
                  bad.add(line);
                  stop.ask();
                }));

    assertEquals(1 << 15, bad.size(), "the buffer that was read is checked");
  }
}
