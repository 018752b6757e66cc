package com.amazonaws.jobprocessor.boss.hours;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.List;

/** Hours for tests. */
public final class TestHours {
  private static final ZoneId UTC = ZoneId.of("UTC");

  private TestHours() {}

  /** Never open. */
  public static ProcessingHours never() {
    return new ProcessingHours(UTC, List.of());
  }

  /** Open for 23 hours until an instant. */
  public static ProcessingHours until(Instant end) {
    ZonedDateTime from = end.minus(Duration.ofHours(23)).atZone(UTC);
    return new ProcessingHours(
        UTC,
        List.of(
            new Window(from.getDayOfWeek(), from.toLocalTime(), end.atZone(UTC).toLocalTime())));
  }
}
