package com.amazonaws.jobprocessor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PollPaceTest {
  private static List<Long> millis(double random) {
    PollPace pace = new PollPace();
    List<Long> waits = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      waits.add(pace.next(random) / 1_000_000);
    }
    return waits;
  }

  @Test
  void each_wait_is_twice_the_one_before_up_to_ten_seconds_and_jittered_by_half() {
    assertEquals(List.of(250L, 500L, 1000L, 2000L, 4000L, 8000L, 10_000L, 10_000L), millis(1));
    assertEquals(List.of(125L, 250L, 500L, 1000L, 2000L, 4000L, 5000L, 5000L), millis(0));
  }

  @Test
  void it_stays_at_ten_seconds_however_long_somebody_waits() {
    PollPace pace = new PollPace();
    for (int i = 0; i < 10_000; i++) {
      pace.next(1);
    }
    assertEquals(10_000_000_000L, pace.next(1));
  }
}
