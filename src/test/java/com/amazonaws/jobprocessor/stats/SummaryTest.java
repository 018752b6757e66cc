package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private final Counters counters = new Counters();

  private void waitForThePollRate(int times, Duration waited) {
    for (int i = 0; i < times; i++) {
      counters.accept(new WorkEvent.PollRateWait(waited));
    }
  }

  @Test
  void a_minute_half_of_which_was_spent_waiting_for_the_poll_rate_says_so() {
    waitForThePollRate(300, Duration.ofMillis(100));
    assertEquals("last minute", Summary.lastMinute(counters.now()));

    waitForThePollRate(1, Duration.ofMillis(1));
    assertEquals("last minute, limited by poll_rate_per_min", Summary.lastMinute(counters.now()));
  }
}
