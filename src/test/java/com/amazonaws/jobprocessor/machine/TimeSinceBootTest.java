package com.amazonaws.jobprocessor.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TimeSinceBootTest {
  @TempDir Path folder;

  @Test
  void the_first_number_counts_and_each_look_reads_it_again() throws Exception {
    Path file = Files.writeString(folder.resolve("uptime"), "67123.45 100000.00\n");
    LongSupplier clock = TimeSinceBoot.open(file);
    assertEquals(Duration.ofMillis(67_123_450), Duration.ofNanos(clock.getAsLong()));

    Files.writeString(file, "67190.05 100000.00\n");

    assertEquals(Duration.ofMillis(67_190_050), Duration.ofNanos(clock.getAsLong()));
  }

  @Test
  void this_machines_goes_on_also_in_a_thread_that_is_interrupted() throws Exception {
    LongSupplier clock = TimeSinceBoot.open();
    assertInstanceOf(TimeSinceBoot.class, clock);
    long before = clock.getAsLong();
    Thread.currentThread().interrupt();
    try {
      assertTrue(clock.getAsLong() - before >= 0);
    } finally {
      assertTrue(Thread.interrupted());
    }
    assertTrue(clock.getAsLong() - before < Duration.ofMinutes(1).toNanos());
  }

  @Test
  void without_such_a_file_it_is_javas_own_clock() throws Exception {
    Path odd = Files.writeString(folder.resolve("odd"), "unknown");
    for (Path file : new Path[] {folder.resolve("missing"), odd}) {
      LongSupplier clock = TimeSinceBoot.open(file);
      assertFalse(clock instanceof TimeSinceBoot);
      assertTrue(Math.abs(clock.getAsLong() - System.nanoTime()) < Duration.ofMinutes(1).toNanos());
    }
  }
}
