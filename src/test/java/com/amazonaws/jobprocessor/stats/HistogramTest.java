package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.SettableWallClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HistogramTest {
  private final Histogram histogram = new Histogram();

  private void add(int count, Duration length) {
    for (int i = 0; i < count; i++) {
      histogram.add(length);
    }
  }

  @Test
  void bounds_rise_by_a_third_at_most_from_the_first_to_two_hours() {
    long[] bounds = Histogram.BOUNDS;
    for (int i = 1; i < bounds.length; i++) {
      assertTrue(bounds[i] > bounds[i - 1], bounds[i] + " after " + bounds[i - 1]);
      assertTrue(
          bounds[i] > 7_500_000_000L || 3 * bounds[i] <= 4 * bounds[i - 1],
          bounds[i] + " after " + bounds[i - 1]);
    }
    assertEquals(Duration.ofDays(14).toNanos() / 1_000, bounds[bounds.length - 1]);
  }

  @Test
  void nothing_has_no_length() {
    assertEquals(
        new Times(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO),
        histogram.now().times());
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 7, 33, 180, 2_400, 61_000, 1_700_000, 7_000_000})
  void quantiles_are_right_within_a_third_and_the_mean_is_exact(long millis) {
    add(100, Duration.ofMillis(millis));

    Times times = histogram.now().times();

    assertEquals(100, times.count());
    assertEquals(Duration.ofMillis(millis), times.mean());
    for (Duration quantile : List.of(times.p50(), times.p95(), times.p99())) {
      double ratio = (double) quantile.toNanos() / Duration.ofMillis(millis).toNanos();
      assertTrue(ratio > 0.74 && ratio < 1.34, quantile + " of " + millis + " ms");
    }
  }

  /** A message waits in its queue for up to fourteen days. */
  @ParameterizedTest
  @ValueSource(longs = {5, 11, 13, 30, 70, 100, 200, 300, 335})
  void quantiles_of_hours_and_days_are_right_within_a_half(long hours) {
    add(100, Duration.ofHours(hours));

    Times times = histogram.now().times();

    for (Duration quantile : List.of(times.p50(), times.p95(), times.p99())) {
      double ratio = (double) quantile.toNanos() / Duration.ofHours(hours).toNanos();
      assertTrue(ratio > 0.66 && ratio < 1.5, quantile + " of " + hours + " h");
    }
  }

  /** Such as those of a month with 10,000 jobs a second, each of which waits for an hour. */
  @Test
  void the_sum_of_all_lengths_may_be_more_microseconds_than_a_long_holds() {
    long[] counts = new long[Histogram.BOUNDS.length + 1];
    counts[80] = 26_000_000_000L;
    HistogramCounts month = new HistogramCounts(counts, counts[80] * 3_600 + 1, 13_000_000);

    assertEquals(9.36e13, month.seconds(), 100);
    assertEquals(Duration.ofHours(1), month.times().mean());
  }

  @Test
  void whole_seconds_are_carried_over_whenever_somebody_asks() {
    histogram.add(Duration.ofMillis(1_900));
    HistogramCounts first = histogram.now();
    histogram.add(Duration.ofMillis(1_901));
    HistogramCounts both = histogram.now();

    assertEquals(3.801, both.seconds(), 1e-9);
    assertEquals(both.seconds(), histogram.now().seconds());
    assertEquals(Duration.ofMillis(1_901), both.minus(first).times().mean());
    assertEquals(1.901, both.minus(first).seconds(), 1e-9);
  }

  /** A day of a worker with short jobs and a long backlog. */
  @Test
  void the_mean_of_many_long_waits_is_exact() {
    long[] counts = new long[Histogram.BOUNDS.length + 1];
    counts[60] = 36_000_000;
    long micros = 36_000_000L * Duration.ofMinutes(45).toSeconds() * 1_000_000;

    assertEquals(Duration.ofMinutes(45), new HistogramCounts(counts, 0, micros).times().mean());
  }

  @Test
  void a_length_that_only_a_wrong_clock_makes_counts_as_one_of_fourteen_days_or_none() {
    histogram.add(Duration.ofSeconds(Long.MAX_VALUE), "late");
    assertEquals(Duration.ofDays(14), histogram.now().times().mean());
    histogram.add(Duration.ofSeconds(Long.MIN_VALUE));

    assertEquals(Duration.ofDays(7), histogram.now().times().mean());
  }

  @Test
  void quantiles_tell_the_few_long_ones_from_the_many_short_ones() {
    add(94, Duration.ofMillis(100));
    add(4, Duration.ofSeconds(10));
    add(2, Duration.ofMinutes(10));

    Times times = histogram.now().times();

    assertTrue(times.p50().compareTo(Duration.ofMillis(101)) < 0, times::toString);
    assertTrue(times.p95().compareTo(Duration.ofSeconds(7)) > 0, times::toString);
    assertTrue(times.p95().compareTo(Duration.ofSeconds(11)) < 0, times::toString);
    assertTrue(times.p99().compareTo(Duration.ofMinutes(8)) > 0, times::toString);
  }

  @Test
  void a_bound_belongs_to_what_is_up_to_it() {
    histogram.add(Duration.ofMillis(5));
    histogram.add(Duration.ofNanos(5_001_000));
    histogram.add(Duration.ofHours(20));

    assertEquals(1, histogram.now().upTo(0.005));
    assertEquals(2, histogram.now().upTo(0.01));
    assertEquals(2, histogram.now().upTo(43_200));
    assertEquals(3, histogram.now().count());
    assertThrows(IllegalArgumentException.class, () -> histogram.now().upTo(0.0051));
  }

  @Test
  void without_a_clock_it_keeps_no_exemplar() {
    histogram.add(Duration.ofMillis(5), "a");

    assertEquals(List.of(), histogram.exemplars());
    assertEquals(1, histogram.now().count());
  }

  @Test
  void each_bucket_has_the_first_job_since_the_last_question_or_else_the_last_one() {
    SettableWallClock clock = new SettableWallClock();
    Histogram jobs = new Histogram(clock);
    jobs.add(Duration.ofSeconds(20), "long");
    jobs.add(Duration.ofMillis(5), "a");
    jobs.add(Duration.ofNanos(4_990_000), "b");
    Instant first = clock.instant();

    List<Exemplar> both = List.of(new Exemplar("a", 0.005, first), new Exemplar("long", 20, first));
    assertEquals(both, jobs.exemplars());
    assertEquals(both, jobs.exemplars());

    clock.advance(Duration.ofMinutes(1));
    jobs.add(Duration.ofMillis(5), "c");
    jobs.add(Duration.ofMillis(5), "d");

    assertEquals(
        List.of(new Exemplar("c", 0.005, clock.instant()), both.getLast()), jobs.exemplars());
    assertEquals(5, jobs.now().count());
  }

  @Test
  void a_clock_that_was_set_back_makes_no_negative_length() {
    histogram.add(Duration.ofSeconds(-3));

    assertEquals(1, histogram.now().upTo(0.005));
    assertEquals(0, histogram.now().seconds());
  }

  @Test
  void what_many_threads_count_is_counted() throws Exception {
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      threads.add(Thread.startVirtualThread(() -> add(1_000, Duration.ofMillis(2))));
    }
    for (Thread thread : threads) {
      thread.join();
    }

    assertEquals(8_000, histogram.now().count());
    assertEquals(16, histogram.now().seconds(), 1e-9);
  }

  @Test
  void the_difference_of_two_counts_is_what_came_between() {
    add(10, Duration.ofSeconds(1));
    HistogramCounts before = histogram.now();
    add(5, Duration.ofSeconds(4));

    Times since = histogram.now().minus(before).times();

    assertEquals(5, since.count());
    assertEquals(Duration.ofSeconds(4), since.mean());
  }
}
