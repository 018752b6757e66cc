package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RetryAfterHeaderTest {
  private static final String FIXDATE = "EEE, dd MMM yyyy HH:mm:ss 'GMT'";
  private static final String RFC_850 = "EEEE, dd-MMM-yy HH:mm:ss 'GMT'";
  private static final String ASCTIME = "EEE MMM ppd HH:mm:ss yyyy";

  private static Duration delay(String header) {
    return RetryAfterHeader.of(header).orElseThrow().delay();
  }

  private static String date(String form, Duration fromNow) {
    return DateTimeFormatter.ofPattern(form, Locale.ROOT)
        .format(ZonedDateTime.now(ZoneOffset.UTC).plus(fromNow));
  }

  @ParameterizedTest
  @CsvSource({"0,0", "7,7", "' 90 ',90", "43200,43200", "999999999999999999,43200"})
  void seconds_count_up_to_twelve_hours(String value, long seconds) {
    assertEquals(Duration.ofSeconds(seconds), delay(value));
  }

  @ParameterizedTest
  @ValueSource(strings = {FIXDATE, RFC_850, ASCTIME})
  void a_date_in_each_form_of_http_counts(String form) {
    long seconds = delay(date(form, Duration.ofMinutes(50))).toSeconds();
    assertTrue(seconds > 2_800 && seconds <= 3_000, "" + seconds);
  }

  @ParameterizedTest
  @ValueSource(strings = {FIXDATE, RFC_850, ASCTIME})
  void a_date_that_is_past_means_at_once_and_one_far_off_twelve_hours(String form) {
    assertEquals(Duration.ZERO, delay(date(form, Duration.ofDays(-1))));
    assertEquals(Duration.ofHours(12), delay(date(form, Duration.ofDays(9))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "soon",
        "-1",
        "1.5",
        "9999999999999999999999",
        "7 s",
        "Thu, 32 Nov 2026 10:00:00 GMT",
        "2026-11-26T10:00:00Z"
      })
  void anything_else_is_none(String value) {
    assertEquals(Optional.empty(), RetryAfterHeader.of(value));
  }
}
