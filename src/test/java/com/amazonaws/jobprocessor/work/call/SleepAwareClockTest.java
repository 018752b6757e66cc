package com.amazonaws.jobprocessor.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class SleepAwareClockTest {
  private static final Duration MILLI = Duration.ofMillis(1);

  private final SettableClock monotonic = new SettableClock();
  private final SettableWallClock wall = new SettableWallClock();
  private final SleepAwareClock clock = new SleepAwareClock(monotonic, wall);
  private final long start = clock.nanoTime();

  private void passes(Duration time) {
    monotonic.advance(time);
    wall.advance(time);
  }

  /** The machine stands still, or its clock is set; the next look is a millisecond later. */
  private void jumps(Duration time) {
    wall.advance(time);
    passes(MILLI);
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
    jumps(Duration.ofHours(2));
    assertPassed(Duration.ofHours(2).plusSeconds(3).plus(MILLI));

    passes(Duration.ofSeconds(4));
    jumps(Duration.ofMinutes(1));
    passes(Duration.ofSeconds(20));

    assertPassed(Duration.ofHours(2).plusSeconds(87).plusMillis(2));
  }

  @Test
  void a_wall_clock_that_is_set_after_the_machine_woke_up_tells_it_then() {
    passes(Duration.ofMinutes(10));
    assertPassed(Duration.ofMinutes(10));

    jumps(Duration.ofHours(1));

    assertPassed(Duration.ofMinutes(70).plus(MILLI));
  }

  @Test
  void a_wall_clock_that_is_set_back_changes_nothing_and_what_follows_is_seen() {
    jumps(Duration.ofHours(-5));
    assertPassed(MILLI);

    passes(Duration.ofSeconds(1));
    jumps(Duration.ofSeconds(90));

    assertPassed(Duration.ofSeconds(91).plusMillis(2));
  }

  @Test
  void a_wall_clock_that_is_corrected_little_by_little_changes_nothing() {
    for (int i = 0; i < 10_000; i++) {
      passes(Duration.ofSeconds(1));
      wall.advance(Duration.ofMillis(83)); // as fast as chrony goes
      clock.nanoTime();
    }

    assertPassed(Duration.ofSeconds(10_000));
  }

  @Test
  void it_never_goes_back() {
    long before = clock.nanoTime();
    for (int i = 0; i < 200; i++) {
      wall.advance(Duration.ofSeconds(i % 3 == 0 ? -20 : i % 17));
      monotonic.advance(Duration.ofMillis(i));
      long now = clock.nanoTime();
      assertTrue(now - before >= 0, "went back");
      before = now;
    }
  }

  @Test
  void a_thread_that_was_stopped_between_its_looks_at_the_clocks_sees_no_jump() {
    AtomicInteger looks = new AtomicInteger();
    MonotonicClock stopped =
        () -> {
          long now = monotonic.nanoTime();
          if (looks.incrementAndGet() == 2) {
            passes(Duration.ofMinutes(5));
          }
          return now;
        };
    SleepAwareClock mine = new SleepAwareClock(stopped, wall);
    passes(MILLI);
    mine.nanoTime();

    assertEquals(monotonic.nanoTime(), mine.nanoTime());
  }
}
