package com.amazonaws.jobprocessor.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class PauseTest {
  private final SettableClock clock = new SettableClock();
  private final Pause pause = new Pause(clock);

  private static void assertHalfToAll(Duration step, long nanos) {
    assertTrue(
        nanos >= step.toNanos() / 2 && nanos <= step.toNanos(), nanos + " ns of at most " + step);
  }

  private void awaitEnd() {
    clock.advance(Duration.ofNanos(pause.nanosLeft()));
  }

  @Test
  void there_is_none_at_first() {
    assertTrue(pause.nanosLeft() <= 0);
  }

  @Test
  void each_further_failure_doubles_it_up_to_ten_seconds() {
    for (int millis = 100; millis < 30_000; millis *= 2) {
      long nanos = pause.failed();
      assertHalfToAll(Duration.ofMillis(Math.min(millis, 10_000)), nanos);
      assertEquals(nanos, pause.nanosLeft());
      awaitEnd();
    }
  }

  @Test
  void calls_side_by_side_that_fail_together_count_once() {
    long nanos = pause.failed();
    clock.advance(Duration.ofMillis(1));
    for (int i = 0; i < 16; i++) {
      assertEquals(nanos - Duration.ofMillis(1).toNanos(), pause.failed());
    }
    awaitEnd();

    assertHalfToAll(Duration.ofMillis(200), pause.failed());
  }

  @Test
  void a_call_that_works_ends_it_and_the_next_begins_with_the_shortest() {
    for (int i = 0; i < 5; i++) {
      pause.failed();
      awaitEnd();
    }
    pause.failed();
    pause.worked();

    assertTrue(pause.nanosLeft() <= 0);
    assertHalfToAll(Duration.ofMillis(100), pause.failed());
  }

  @Test
  void many_failures_are_no_overflow() {
    for (int i = 0; i < 1_000; i++) {
      pause.failed();
      awaitEnd();
    }

    assertHalfToAll(Duration.ofSeconds(10), pause.failed());
  }
}
