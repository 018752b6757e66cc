package com.amazonaws.jobprocessor.boss.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TallyTest {
  private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

  private static Instant second(double seconds) {
    return START.plusMillis((long) (seconds * 1000));
  }

  @Test
  void time_in_which_several_tasks_are_worked_on_counts_once_as_busy() {
    Tally tally = new Tally();
    tally.add(second(100), 10_000, true); // 90 to 100
    tally.add(second(95), 20_000, false); // 75 to 95
    tally.add(second(60), 10_000, true); // 50 to 60
    Line line = tally.line("w");
    assertEquals(2, line.succeeded());
    assertEquals(1, line.failed());
    assertEquals(40, line.busySeconds());
    assertEquals(35, line.occupiedSeconds());
    assertEquals(50, line.spanSeconds());
    assertEquals(0.7, line.busyShare(), 1e-9);
    assertEquals(40.0 / 35, line.atATime(), 1e-9);
    assertEquals(3 * 3600 / 50.0, line.perHour(), 1e-9);
    assertEquals(second(60), line.first());
    assertEquals(second(100), line.last());
    assertEquals(10, line.medianSeconds(), 0.3);
  }

  @Test
  void what_is_covered_is_what_counting_milliseconds_one_by_one_says() {
    Random random = new Random(7);
    for (int round = 0; round < 200; round++) {
      List<int[]> all = new ArrayList<>();
      for (int i = 0; i < 1 + random.nextInt(8); i++) {
        int end = 50 + random.nextInt(100);
        all.add(new int[] {end, random.nextInt(50)});
      }
      all.sort(Comparator.comparingInt((int[] one) -> one[0]).reversed());
      boolean[] covered = new boolean[200];
      Tally tally = new Tally();
      for (int[] one : all) {
        tally.add(START.plusMillis(one[0]), one[1], true);
        for (int at = one[0] - one[1]; at < one[0]; at++) {
          covered[at] = true;
        }
      }
      int count = 0;
      for (boolean one : covered) {
        count += one ? 1 : 0;
      }
      assertEquals(count / 1000.0, tally.line("w").occupiedSeconds(), 1e-9);
    }
  }

  @Test
  void nothing_is_a_line_of_zeros() {
    Line line = new Tally().line("w");
    assertEquals(0, line.tasks());
    assertEquals(0, line.busyShare());
    assertEquals(0, line.perHour());
    assertEquals(0, line.atATime());
    assertEquals(0, line.medianSeconds());
    assertEquals(0, line.failureShare());
  }

  @Test
  void a_median_is_right_to_within_three_percent() {
    for (long millis : new long[] {1, 20, 999, 12_345, 7_200_000}) {
      Durations durations = new Durations();
      durations.add(millis / 2);
      durations.add(millis);
      durations.add(millis * 9);
      assertEquals((double) millis, durations.median(), 0.5 + millis * 0.03);
    }
    assertEquals(0, new Durations().median());
  }
}
