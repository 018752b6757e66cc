package com.amazonaws.jobprocessor.executors;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** How long an answer asks to wait: a number of seconds or a date (RFC 9110, 10.2.3). */
record RetryAfterHeader(Duration delay) {
  private static final Duration MAX_DELAY = Duration.ofHours(12);
  private static final int CENTURY_AHEAD = 49;

  /**
   * The form of today, and the two obsolete ones that a recipient must accept (RFC 9110, 5.6.7).
   */
  private static List<DateTimeFormatter> dates(int thisYear) {
    DateTimeFormatter rfc850 =
        new DateTimeFormatterBuilder()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, thisYear - CENTURY_AHEAD)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    DateTimeFormatter asctime =
        DateTimeFormatter.ofPattern("EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    return List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850, asctime);
  }

  /** From the header's value; twelve hours at most, a date that is past means at once. */
  static Optional<RetryAfterHeader> of(String header) {
    String value = header.strip();
    if (value.matches("[0-9]{1,18}")) {
      return Optional.of(limited(Duration.ofSeconds(Long.parseLong(value))));
    }
    ZonedDateTime now = ZonedDateTime.now(ZoneOffset.UTC);
    for (DateTimeFormatter form : dates(now.getYear())) {
      try {
        return Optional.of(limited(Duration.between(now, ZonedDateTime.parse(value, form))));
      } catch (DateTimeException e) {
        // another form, or none
      }
    }
    return Optional.empty();
  }

  private static RetryAfterHeader limited(Duration delay) {
    Duration notPast = delay.isNegative() ? Duration.ZERO : delay;
    return new RetryAfterHeader(notPast.compareTo(MAX_DELAY) > 0 ? MAX_DELAY : notPast);
  }
}
