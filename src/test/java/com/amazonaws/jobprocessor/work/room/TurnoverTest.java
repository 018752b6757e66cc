package com.amazonaws.jobprocessor.work.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TurnoverTest {
  private final SettableClock clock = new SettableClock();
  private final Turnover turnover = new Turnover(Duration.ofMillis(250), clock);

  @Test
  void nothing_is_taken_ahead_before_a_job_has_ended() {
    assertEquals(0, turnover.soon());
  }

  @Test
  void as_many_are_expected_as_ended_lately() {
    for (int i = 0; i < 100; i++) {
      turnover.ended(1);
      clock.advance(Duration.ofMillis(10));
    }
    int soon = turnover.soon();
    assertTrue(soon >= 20 && soon <= 30, soon + " a quarter of a second at one every 10 ms");
  }

  /** Or one slot would take two jobs of a second at each end of one. */
  @Test
  void the_end_of_a_long_job_does_not_foretell_another() {
    for (int i = 0; i < 5; i++) {
      clock.advance(Duration.ofSeconds(1));
      turnover.ended(1);
      assertEquals(0, turnover.soon());
    }
  }

  @Test
  void slots_that_are_held_by_long_jobs_stop_counting() {
    for (int i = 0; i < 50; i++) {
      turnover.ended(1);
    }
    clock.advance(Duration.ofMillis(600));
    assertEquals(0, turnover.soon());
  }
}
