package com.amazonaws.jobprocessor.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SleepAwareClockTest {
  private static final Duration LOOK = Duration.ofMillis(10);

  private final SettableClock monotonic = new SettableClock();
  private final SettableClock sinceBoot = new SettableClock();
  private final SleepAwareClock clock = new SleepAwareClock(monotonic, sinceBoot);
  private final long start = clock.nanoTime();

  private void passes(Duration time) {
    monotonic.advance(time);
    sinceBoot.advance(time);
  }

  private void sleeps(Duration time) {
    sinceBoot.advance(time);
    passes(LOOK);
  }

  private void assertPassed(Duration time) {
    assertEquals(time, Duration.ofNanos(clock.nanoTime() - start));
  }

  @Test
  void while_the_machine_runs_it_is_the_monotonic_clock() {
    for (int i = 0; i < 1_000; i++) {
      passes(Duration.ofSeconds(7));
      clock.nanoTime();
    }

    assertPassed(Duration.ofSeconds(7_000));
    assertEquals(monotonic.nanoTime(), clock.nanoTime());
  }

  @Test
  void the_time_in_which_the_machine_stood_still_has_passed() {
    passes(Duration.ofSeconds(3));
    sleeps(Duration.ofHours(2));
    assertPassed(Duration.ofHours(2).plusSeconds(3).plus(LOOK));

    passes(Duration.ofSeconds(4));
    sleeps(Duration.ofMinutes(1));
    passes(Duration.ofSeconds(20));

    assertPassed(Duration.ofHours(2).plusSeconds(87).plus(LOOK.multipliedBy(2)));
  }

  @Test
  void what_a_coarse_clock_tells_too_early_or_late_changes_nothing() {
    for (int i = 0; i < 1_000; i++) {
      monotonic.advance(Duration.ofMillis(13));
      sinceBoot.advance(Duration.ofMillis(i % 2 == 0 ? 20 : 6));
      clock.nanoTime();
    }

    assertPassed(Duration.ofSeconds(13));
  }

  @Test
  void a_thread_that_was_stopped_between_its_looks_at_the_clocks_sees_no_sleep() {
    AtomicInteger looks = new AtomicInteger();
    MonotonicClock stopped =
        () -> {
          long now = monotonic.nanoTime();
          if (looks.incrementAndGet() == 2) {
            passes(Duration.ofMinutes(5));
          }
          return now;
        };
    SleepAwareClock mine = new SleepAwareClock(stopped, sinceBoot);
    passes(LOOK);
    mine.nanoTime();

    assertEquals(monotonic.nanoTime(), mine.nanoTime());
  }
}
