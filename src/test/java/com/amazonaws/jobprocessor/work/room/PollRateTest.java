package com.amazonaws.jobprocessor.work.room;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PollRateTest {
  private static final long SECOND = 1_000_000_000L;

  /**
   * As a worker that always has room: every moment at which a receive may be sent, for three
   * minutes.
   */
  private static List<Long> greedy(int perMinute) {
    PollRate rate = new PollRate(perMinute, 0);
    List<Long> sent = new ArrayList<>();
    long now = 0;
    while (now < 180 * SECOND && sent.size() < 200_000) {
      now += Math.max(0, rate.nanosUntilNext(now));
      rate.sent(now);
      sent.add(now);
    }
    return sent;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7, 59, 60, 61, 119, 120, 600, 6_000, 60_000})
  void no_minute_sees_more_than_the_ceiling(int perMinute) {
    List<Long> sent = greedy(perMinute);
    for (int first = 0, last = 0; last < sent.size(); last++) {
      while (sent.get(last) - sent.get(first) >= 60 * SECOND) {
        first++;
      }
      assertTrue(last - first + 1 <= perMinute, (last - first + 1) + " in a minute");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 60, 61, 120, 600, 6_000})
  void a_burst_is_a_seconds_worth_and_the_rest_is_evenly_spaced(int perMinute) {
    List<Long> sent = greedy(perMinute);
    int burst = Math.max(1, perMinute / 60);
    long atOnce = sent.stream().filter(t -> t == 0).count();
    assertTrue(atOnce <= burst, atOnce + " at once");
    for (int i = burst; i + 1 < sent.size(); i++) {
      long gap = sent.get(i + 1) - sent.get(i);
      assertTrue(gap >= 60 * SECOND / perMinute, "a gap of " + gap + " ns");
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 120, 600, 6_000, 60_000})
  void the_ceiling_is_nearly_reached(int perMinute) {
    long inThreeMinutes = greedy(perMinute).stream().filter(t -> t < 180 * SECOND).count();
    assertTrue(inThreeMinutes >= 3L * perMinute * 95 / 100, inThreeMinutes + " in three minutes");
  }
}
