package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class SamplerTest {
  private static final long STEP = Sampler.STEP.toNanos();
  private static final long START = 1_000;

  private final Sampler sampler = new Sampler(START);

  private static Sampler.Sums sums(long steps, long ended, long failed, long busy) {
    return new Sampler.Sums(START + steps * STEP, ended, failed, busy, 0);
  }

  @Test
  void each_step_has_what_came_in_it() {
    sampler.add(sums(1, 3, 0, 0));
    sampler.add(sums(2, 3, 1, 0));
    sampler.add(sums(3, 10, 1, 0));

    assertEquals(
        new Snapshot.History(Sampler.STEP, List.of(3L, 0L, 7L), List.of(0L, 1L, 0L)),
        sampler.history());
  }

  @Test
  void steps_that_were_missed_are_filled_in_evenly() {
    sampler.add(sums(1, 10, 0, 0));
    sampler.add(sums(5, 50, 0, 0));

    assertEquals(Collections.nCopies(5, 10L), sampler.history().ended());
  }

  @Test
  void a_step_that_is_a_little_early_or_late_is_one_step() {
    sampler.add(new Sampler.Sums(START + STEP + STEP / 3, 1, 0, 0, 0));
    sampler.add(new Sampler.Sums(START + 2 * STEP - STEP / 3, 2, 0, 0, 0));

    assertEquals(List.of(1L, 1L), sampler.history().ended());
  }

  @Test
  void an_hour_is_remembered_and_no_more() {
    for (int i = 1; i <= 1_000; i++) {
      sampler.add(sums(i, i, 0, 0));
    }
    assertEquals(Collections.nCopies(360, 1L), sampler.history().ended());

    // The machine slept for a day.
    sampler.add(sums(10_000, 1_360, 0, 0));
    assertEquals(Collections.nCopies(360, 1L), sampler.history().ended());
  }

  @Test
  void the_last_minute_is_the_last_six_steps_and_what_came_since() {
    for (int i = 1; i <= 20; i++) {
      sampler.add(sums(i, 0, 0, i * STEP));
    }

    Sampler.Sums minute =
        sampler.lastMinute(new Sampler.Sums(START + 21 * STEP, 0, 0, 25 * STEP, 0));

    assertEquals(6 * STEP, minute.at());
    assertEquals(10 * STEP, minute.busyNanos());
  }

  @Test
  void before_a_minute_is_over_it_is_the_time_since_the_start() {
    sampler.add(sums(1, 0, 0, STEP));

    assertEquals(2 * STEP, sampler.lastMinute(sums(2, 0, 0, 2 * STEP)).at());
  }

  @Test
  void times_of_more_than_an_hour_ago_do_not_count_any_more() {
    Histogram runs = new Histogram();
    runs.add(Duration.ofMinutes(10));
    for (int i = 1; i <= 300; i++) {
      sampler.add(START + i * STEP, runs.now(), HistogramCounts.none());
    }
    assertEquals(1, sampler.runs(runs.now()).lastHour().count());

    for (int i = 301; i <= 400; i++) {
      sampler.add(START + i * STEP, runs.now(), HistogramCounts.none());
    }
    runs.add(Duration.ofSeconds(1));

    assertEquals(1, sampler.runs(runs.now()).lastHour().count());
    assertEquals(Duration.ofSeconds(1), sampler.runs(runs.now()).lastHour().mean());
    assertEquals(2, sampler.runs(runs.now()).all().count());
  }
}
