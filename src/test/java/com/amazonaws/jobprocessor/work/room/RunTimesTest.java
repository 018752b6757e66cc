package com.amazonaws.jobprocessor.work.room;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class RunTimesTest {
  private final RunTimes times = new RunTimes(seconds(30));

  private static Duration seconds(double seconds) {
    return Duration.ofMillis((long) (seconds * 1_000));
  }

  private void measured(int count, double seconds) {
    for (int i = 0; i < count; i++) {
      times.ended(seconds(seconds));
    }
  }

  @Test
  void with_nothing_measured_a_job_takes_as_long_as_the_settings_expect() {
    assertTrue(times.likelyDone(seconds(0), seconds(30)));
    assertTrue(times.likelyDone(seconds(25), seconds(5)));
    assertFalse(times.likelyDone(seconds(0), seconds(29)));
    assertFalse(times.likelyDone(seconds(31), seconds(80)), "older than expected");
    assertFalse(times.hardlyDone(seconds(31), seconds(1)), "nobody knows");
  }

  @Test
  void a_job_that_needs_as_long_as_all_others_is_done_if_that_much_is_left() {
    measured(50, 10);

    assertTrue(times.likelyDone(seconds(2), seconds(10)));
    assertFalse(times.likelyDone(seconds(2), seconds(7)));
  }

  @Test
  void a_job_older_than_99_of_100_is_not_taken_to_end() {
    measured(995, 1);
    measured(5, 600);

    assertTrue(times.likelyDone(seconds(0.5), seconds(2)));
    assertFalse(times.likelyDone(seconds(30), seconds(40_000)));
  }

  @Test
  void with_few_measured_one_that_is_older_than_all_is_not_taken_to_end() {
    measured(3, 5);

    assertFalse(times.likelyDone(seconds(6), seconds(1_000)));
  }

  @Test
  void of_mixed_times_those_count_that_lasted_longer_than_the_job_has_run() {
    measured(90, 1);
    measured(10, 300);

    assertTrue(times.likelyDone(seconds(0.1), seconds(80)), "most likely a short one");
    assertFalse(times.likelyDone(seconds(5), seconds(80)), "a long one, then");
    assertTrue(times.likelyDone(seconds(250), seconds(80)), "a long one that is almost done");
  }

  @Test
  void hope_is_lost_when_all_that_lasted_longer_lasted_too_long() {
    measured(90, 1);
    measured(10, 300);

    assertFalse(times.hardlyDone(seconds(0.1), seconds(80)));
    assertTrue(times.hardlyDone(seconds(5), seconds(80)));
    assertFalse(times.hardlyDone(seconds(250), seconds(80)));
    assertFalse(times.hardlyDone(seconds(400), seconds(1)), "none lasted as long: nobody knows");
  }

  @Test
  void what_was_measured_long_ago_counts_less_and_less() {
    measured(4_000, 1);
    assertFalse(times.likelyDone(seconds(0.1), seconds(0.5)));

    measured(20_000, 0.2);

    assertTrue(times.likelyDone(seconds(0.1), seconds(0.5)));
    assertFalse(times.likelyDone(seconds(0.5), seconds(5)), "fewer than one of 100 by now");
  }

  @Test
  void times_of_no_length_and_of_days_are_times_as_well() {
    measured(1, 0);
    times.ended(Duration.ofDays(7));

    assertTrue(times.likelyDone(Duration.ZERO, seconds(1)));
    assertFalse(times.likelyDone(seconds(60), Duration.ofHours(1)));
  }
}
