package com.amazonaws.jobprocessor.work.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.Interleaving;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class AttemptTest {
  private final Attempt attempt = new Attempt(0);

  /** What comes before the executor, such as a note of a suspect, is not to be cut. */
  @Test
  void a_stop_that_comes_first_is_heeded_at_the_begin_and_interrupts_nothing() {
    attempt.stop(Attempt.Stop.GIVE_BACK, 5);
    assertFalse(Thread.currentThread().isInterrupted());

    assertEquals(Attempt.Stop.GIVE_BACK, attempt.begin());
    assertFalse(Thread.currentThread().isInterrupted());
    assertEquals(Attempt.Stop.GIVE_BACK, attempt.end());
  }

  @Test
  void a_stop_interrupts_what_has_begun_and_a_strangers_interrupt_before_is_none() {
    Thread.currentThread().interrupt();
    assertNull(attempt.begin());
    assertFalse(Thread.currentThread().isInterrupted());

    attempt.stop(Attempt.Stop.TIMEOUT, 5);
    assertTrue(Thread.interrupted());
    assertEquals(Attempt.Stop.TIMEOUT, attempt.end());
  }

  @Test
  void an_interrupt_never_reaches_what_the_thread_does_next() {
    attempt.begin();
    attempt.stop(Attempt.Stop.TIMEOUT, 5);

    assertEquals(Attempt.Stop.TIMEOUT, attempt.end());
    assertFalse(Thread.currentThread().isInterrupted());

    attempt.stop(Attempt.Stop.GIVE_BACK, 6);
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void an_interrupt_that_the_executor_left_behind_is_cleared() {
    Thread.currentThread().interrupt();

    assertNull(attempt.end());
    assertFalse(Thread.currentThread().isInterrupted());
  }

  @Test
  void the_first_reason_counts_and_thirty_seconds_later_it_is_stuck() {
    attempt.stop(Attempt.Stop.TIMEOUT, 0);
    attempt.stop(Attempt.Stop.GIVE_BACK, 1);

    assertEquals(Attempt.Stop.TIMEOUT, attempt.stopped());
    assertFalse(attempt.isStuck(Duration.ofSeconds(30).toNanos()));
    assertTrue(attempt.isStuck(Duration.ofSeconds(31).toNanos()));
    assertEquals(Attempt.Stop.TIMEOUT, attempt.end());
    assertFalse(attempt.isStuck(Duration.ofSeconds(31).toNanos()));
  }

  @Test
  void what_runs_on_undisturbed_is_never_stuck() {
    assertNull(attempt.stopped());
    assertFalse(attempt.isStuck(Duration.ofDays(1).toNanos()));
  }

  @Test
  void its_time_counts_from_its_begin() {
    Attempt later = new Attempt(-3);

    assertEquals(Duration.ZERO, later.ran(-3));
    assertEquals(Duration.ofNanos(10), later.ran(7));
  }

  /** The lease keeper stops an attempt while its slot ends it, thousands of times. */
  @Test
  void a_stop_in_the_moment_of_the_end_is_either_told_or_harmless() throws Exception {
    for (int i = 0; i < 2_000; i++) {
      Attempt raced = new Attempt(0);
      raced.begin();
      Thread stopper = Thread.ofVirtual().start(() -> raced.stop(Attempt.Stop.TIMEOUT, 1));
      if (i % 2 == 0) {
        Interleaving.here();
      }
      Attempt.Stop told = raced.end();
      assertFalse(Thread.currentThread().isInterrupted(), "after the end");
      stopper.join();

      assertFalse(Thread.currentThread().isInterrupted(), "after the stop");
      assertEquals(raced.stopped(), told);
    }
  }
}
