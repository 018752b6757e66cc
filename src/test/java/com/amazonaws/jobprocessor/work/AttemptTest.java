package com.amazonaws.jobprocessor.work;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class AttemptTest {
  @Test
  void an_interrupt_never_reaches_what_the_thread_does_next() {
    Attempt attempt = new Attempt();
    attempt.stop(Attempt.Stop.TIMEOUT, 5);

    assertEquals(Attempt.Stop.TIMEOUT, attempt.end());
    assertFalse(Thread.currentThread().isInterrupted());

    attempt.stop(Attempt.Stop.GIVE_BACK, 6);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void an_interrupt_that_the_executor_left_behind_is_cleared() {
    Attempt attempt = new Attempt();
    Thread.currentThread().interrupt();

    assertNull(attempt.end());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void the_first_reason_counts_and_thirty_seconds_later_it_is_stuck() {
    Attempt attempt = new Attempt();
    attempt.stop(Attempt.Stop.TIMEOUT, 0);
    attempt.stop(Attempt.Stop.GIVE_BACK, 1);

    assertFalse(attempt.isStuck(Duration.ofSeconds(30).toNanos()));
    assertTrue(attempt.isStuck(Duration.ofSeconds(31).toNanos()));
    assertEquals(Attempt.Stop.TIMEOUT, attempt.end());
    assertFalse(attempt.isStuck(Duration.ofSeconds(31).toNanos()));
  }

  @Test
  void its_time_counts_from_its_begin() {
    Attempt attempt = new Attempt();
    assertFalse(attempt.hasTaken(1, 1_000));

    attempt.begin(1_000);
    assertFalse(attempt.hasTaken(10, 1_009));
    assertTrue(attempt.hasTaken(10, 1_010));
  }
}
