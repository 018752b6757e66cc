package com.amazonaws.jobprocessor.machine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BootTest {
  @Test
  void it_is_the_kernels_uptime() {
    assertEquals(Duration.ofMillis(23_450), Boot.time("23.45 80.10\n"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"600.00 1.0", "86400.5 100000.0", "", "x y", "NaN 1", "12"})
  void a_worker_that_was_started_later_or_a_file_of_another_kind_says_nothing(String uptime) {
    assertNull(Boot.time(uptime));
  }
}
