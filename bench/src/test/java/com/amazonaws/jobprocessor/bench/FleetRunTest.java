package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class FleetRunTest {
  @Test
  void efficiency_is_ideal_time_by_actual_time() {
    FleetRun run =
        new FleetRun(
            4, 2, Duration.ofMillis(10), 8_000, Duration.ofSeconds(20), Duration.ofSeconds(5));
    assertEquals(10, run.idealSeconds(), 1e-9);
    assertEquals(0.5, run.efficiency(), 1e-9);
    assertEquals(400, run.jobsPerSecond(), 1e-9);
    assertEquals(0.25, run.processors(), 1e-9);
  }
}
