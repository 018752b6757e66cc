package com.amazonaws.jobprocessor.boss.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How old counts get, with a clock that is set and counts that take as long as a test says. */
class CensusTest {
  /** A page that is shown asks so often. */
  private static final Duration PULSE = Duration.ofMillis(1_200);

  @TempDir Path folder;
  private final SetClock clock = new SetClock("2026-01-02T12:00:00Z");
  private final Deque<Thread> flights = new ArrayDeque<>();
  private final Semaphore begun = new Semaphore(0);
  private final Semaphore mayEnd = new Semaphore(0);
  private Database database;
  private Census census;
  private Duration takes = Duration.ZERO;
  private int counted;

  @BeforeEach
  void set_up() {
    database = Database.embedded(folder);
    census =
        new Census(
            database,
            clock,
            this::count,
            () -> Duration.between(Instant.EPOCH, clock.instant()).toNanos(),
            work -> flights.add(Thread.ofVirtual().start(work)));
  }

  @AfterEach
  void tear_down() throws InterruptedException {
    mayEnd.release(10);
    for (Thread flight : flights) {
      flight.join();
    }
    database.close();
  }

  /** A count that somebody waits for lets the time pass; others end when the test says. */
  private Map<Long, Map<String, Long>> count() {
    counted++;
    if (!Thread.currentThread().isVirtual()) {
      clock.pass(takes);
    } else {
      begun.release();
      mayEnd.acquireUninterruptibly();
    }
    return Map.of();
  }

  private Duration age(Census.Counts counts) {
    return Duration.between(counts.at(), clock.instant());
  }

  @ParameterizedTest
  @ValueSource(longs = {100, 400, 1_000, 2_400, 3_500})
  void what_is_dear_is_counted_again_before_it_is_ten_seconds_old(long millis) throws Exception {
    takes = Duration.ofMillis(millis);
    census.counts(Duration.ofMillis(300));
    Duration oldest = Duration.ZERO;
    Instant ends = Instant.MAX;
    for (int i = 0; i < 100; i++) {
      Instant asked = clock.instant();
      Census.Counts counts = census.counts(Duration.ofMillis(300));
      assertEquals(asked, clock.instant(), "nobody waits");
      if (!flights.isEmpty() && ends.equals(Instant.MAX)) {
        begun.acquire();
        ends = asked.plus(takes);
      }
      clock.pass(PULSE);
      Duration shown = age(counts);
      oldest = shown.compareTo(oldest) > 0 ? shown : oldest;
      if (!ends.isAfter(clock.instant())) {
        // The clock is set back to when it ended, for its duration.
        Instant now = clock.instant();
        clock.set(ends.toString());
        mayEnd.release();
        flights.remove().join();
        clock.set(now.toString());
        ends = Instant.MAX;
      }
    }
    assertTrue(oldest.compareTo(Census.OLDEST) <= 0, "shown when it was " + oldest + " old");
    assertTrue(counted > 10, counted + " counts");
    Duration counting = takes.multipliedBy(counted);
    assertTrue(
        counting.compareTo(PULSE.multipliedBy(100).dividedBy(millis <= 400 ? 9 : 1)) <= 0,
        "counted for " + counting);
  }

  @Test
  void what_is_cheap_is_counted_again_whenever_it_is_wanted_newer() {
    takes = Duration.ofMillis(99);
    assertEquals(takes, age(census.counts(Duration.ofMillis(300))));
    clock.pass(Duration.ofMillis(300));
    assertEquals(takes, age(census.counts(Duration.ofMillis(300))));
    assertEquals(2, counted);
    clock.pass(Duration.ofMillis(100));
    assertEquals(Duration.ofMillis(199), age(census.counts(Duration.ofMillis(300))));
    assertEquals(2, counted);
    assertTrue(flights.isEmpty());
  }

  @Test
  void what_nobody_has_asked_for_is_not_shown_old_when_somebody_does() {
    takes = Duration.ofSeconds(2);
    census.counts();
    clock.pass(Duration.ofMinutes(1));
    assertEquals(takes, age(census.counts()));
    assertEquals(2, counted);
  }

  @Test
  void a_count_that_takes_longer_than_ten_seconds_is_shown_while_the_next_one_runs()
      throws Exception {
    takes = Duration.ofSeconds(15);
    census.counts();
    Census.Counts first = census.counts();
    begun.acquire();
    clock.pass(Duration.ofSeconds(14));
    assertEquals(first, census.counts());
    assertEquals(2, counted);
  }
}
