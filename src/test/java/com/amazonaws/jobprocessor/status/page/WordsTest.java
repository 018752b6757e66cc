package com.amazonaws.jobprocessor.status.page;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.cost.Usd;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WordsTest {
  private static final Instant NOW = Instant.parse("2026-01-02T15:04:05.678Z");

  @ParameterizedTest
  @CsvSource({
    "PT0S, 0 s",
    "PT-5S, 0 s",
    "PT0.0004S, under 1 ms",
    "PT0.42S, 420 ms",
    "PT4.24S, 4.2 s",
    "PT9.96S, 10 s",
    "PT59.6S, 1 min",
    "PT200S, 3 min 20 s",
    "PT2H5M29S, 2 h 5 min",
    "PT23H59M40S, 1 d",
    "PT76H, 3 d 4 h"
  })
  void durations_have_two_units_at_most(Duration time, String expected) {
    assertEquals(expected, Words.duration(time));
  }

  @ParameterizedTest
  @CsvSource({
    "PT3S, a few seconds",
    "PT42S, 40 s",
    "PT58S, 1 min",
    "PT10M31S, 11 min",
    "PT26H, 1 d 2 h"
  })
  void forecasts_are_rough(Duration time, String expected) {
    assertEquals(expected, Words.roughly(time));
  }

  @Test
  void numbers_are_as_exact_as_one_needs() {
    assertEquals("12,345", Words.count(12_345));
    assertEquals("-123,456,789", Words.count(-123_456_789));
    assertEquals("123", Words.count(123));
    assertEquals("1 job", Words.count(1, "job"));
    assertEquals("2 jobs", Words.count(2, "job"));
    assertEquals("1,234", Words.number(1_234.4));
    assertEquals("12.3", Words.number(12.34));
    assertEquals("0.25", Words.number(0.25));
    assertEquals("3", Words.number(3));
    assertEquals("97 %", Words.percent(0.966));
    assertEquals("2.5 jobs a second", Words.rate(2.5, "jobs"));
    assertEquals("1.2 jobs a minute", Words.rate(0.02, "jobs"));
  }

  @Test
  void dollars_are_to_the_cent_unless_there_is_none() {
    assertEquals("$0.00", Words.dollars(Usd.ZERO));
    assertEquals("$0.31", Words.dollars(Usd.of("0.3149")));
    assertEquals("$12.00", Words.dollars(Usd.of("12")));
    assertEquals("$0.0000036", Words.dollars(Usd.of("0.00000361")));
  }

  @Test
  void times_are_relative_or_of_the_day_and_exact_for_those_who_point_at_them() {
    assertEquals(
        "<time class=\"\" datetime=\"2026-01-02T15:01:05Z\" title=\"2026-01-02 15:01:05 UTC\">3 min ago</time>",
        Words.ago(NOW.minusSeconds(180), NOW).toString());
    assertEquals(
        "<time class=\"minute\" datetime=\"2026-01-02T15:05:05Z\" title=\"2026-01-02 15:05:05 UTC\">15:05 UTC</time>",
        Words.clock(NOW.plusSeconds(60), NOW).toString());
    assertEquals(
        "<time class=\"day\" datetime=\"2026-01-04T15:04:05Z\" title=\"2026-01-04 15:04:05 UTC\">2026-01-04 15:04 UTC</time>",
        Words.clock(NOW.plus(Duration.ofDays(2)), NOW).toString());
  }
}
