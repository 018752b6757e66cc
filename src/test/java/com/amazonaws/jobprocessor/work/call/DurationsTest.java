package com.amazonaws.jobprocessor.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {
  private static final Duration TWELVE_HOURS = Duration.ofHours(12);

  @Test
  void divides_and_multiplies_as_Duration_does() {
    for (long number : new long[] {1, 2, 3, 20, 64}) {
      assertEquals(TWELVE_HOURS.dividedBy(number), Durations.part(TWELVE_HOURS, number));
      assertEquals(TWELVE_HOURS.multipliedBy(number), Durations.times(TWELVE_HOURS, number));
    }
  }

  @Test
  void what_does_not_fit_is_no_silent_error() {
    assertThrows(ArithmeticException.class, () -> Durations.times(TWELVE_HOURS, 1L << 30));
  }

  @Test
  void doubles_from_the_first_to_the_longest_however_often() {
    Duration first = Duration.ofSeconds(2);
    Duration hour = Duration.ofHours(1);
    assertEquals(first, Durations.doubled(first, -1, hour));
    assertEquals(first, Durations.doubled(first, 0, hour));
    assertEquals(Duration.ofSeconds(16), Durations.doubled(first, 3, hour));
    assertEquals(hour, Durations.doubled(first, 11, hour));
    assertEquals(hour, Durations.doubled(first, Integer.MAX_VALUE, hour));
  }
}
