package com.amazonaws.jobprocessor.daemon;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.FileOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** What {@code --help}, {@code --version} and {@code --check} end with. */
class MainOutputTest {
  @Test
  void what_has_been_printed_ends_with_0() {
    PrintStream out = new PrintStream(new ByteArrayOutputStream(), false, UTF_8);
    out.println("help");
    assertEquals(0, Main.statusOfOutput(out));
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void what_a_full_disk_has_not_taken_ends_with_1() throws Exception {
    try (PrintStream out = new PrintStream(new FileOutputStream("/dev/full"), false, UTF_8)) {
      out.println("help");
      assertEquals(1, Main.statusOfOutput(out));
    }
  }
}
