package com.amazonaws.jobprocessor.boss.hours;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProcessingHoursTest {
  private static ProcessingHours hours(String zone, String... windows) {
    List<Window> all = new ArrayList<>();
    for (String window : windows) {
      String[] parts = window.split("[ -]", 3);
      all.add(Window.parse(parts[0], parts[1], parts[2]));
    }
    return new ProcessingHours(ZoneId.of(zone), all);
  }

  private static Instant at(String instant) {
    return Instant.parse(instant);
  }

  /** Opens and closes at these instants and at no other of the days around. */
  private static void assertOpenOnly(ProcessingHours hours, String open, String close) {
    Instant from = at(open);
    Instant to = at(close);
    for (Instant i = from.minus(Duration.ofHours(20));
        i.isBefore(to.plus(Duration.ofHours(20))); ) {
      assertEquals(!i.isBefore(from) && i.isBefore(to), hours.isOpen(i), i.toString());
      i = i.plus(Duration.ofMinutes(5));
    }
    assertFalse(hours.isOpen(from.minusNanos(1)));
    assertTrue(hours.isOpen(from));
    assertTrue(hours.isOpen(to.minusNanos(1)));
    assertFalse(hours.isOpen(to));
    assertEquals(Optional.of(from), hours.nextOpening(from.minusSeconds(3600)));
    assertEquals(Optional.of(to), hours.nextClosing(from));
    assertEquals(Optional.empty(), hours.openSince(from.minusNanos(1)));
    assertEquals(Optional.of(from), hours.openSince(from));
    assertEquals(Optional.of(from), hours.openSince(to.minusNanos(1)));
    assertEquals(Optional.empty(), hours.openSince(to));
  }

  @Test
  void a_window_over_midnight_belongs_to_the_day_on_which_it_begins() {
    assertOpenOnly(
        hours("UTC", "friday 22:00-06:00"), "2026-01-02T22:00:00Z", "2026-01-03T06:00:00Z");
  }

  @Test
  void a_sunday_night_ends_on_monday() {
    assertOpenOnly(
        hours("UTC", "SUNDAY 23:30-00:30"), "2026-01-04T23:30:00Z", "2026-01-05T00:30:00Z");
  }

  @Test
  void twenty_four_o_clock_is_the_end_of_the_day() {
    assertOpenOnly(
        hours("UTC", "friday 18:00-24:00"), "2026-01-02T18:00:00Z", "2026-01-03T00:00:00Z");
    assertOpenOnly(
        hours("UTC", "friday 00:00-24:00"), "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z");
  }

  /** As rundeck/rundeck#6879 and vatesfr/xen-orchestra#4024 did not. */
  @ParameterizedTest
  @CsvSource({
    // The clocks go from 02:00 to 03:00: it opens at 03:00, which is 01:00 UTC.
    "Europe/Berlin, sunday 02:30-05:00, 2026-03-29T01:00:00Z, 2026-03-29T03:00:00Z",
    // From 03:00 back to 02:00: open from the first 02:30 on, through both hours.
    "Europe/Berlin, sunday 02:30-05:00, 2026-10-25T00:30:00Z, 2026-10-25T04:00:00Z",
    // It ends with the second 02:30.
    "Europe/Berlin, saturday 22:00-02:30, 2026-10-24T20:00:00Z, 2026-10-25T01:30:00Z",
    // It ends when the clocks skip its end.
    "Europe/Berlin, saturday 22:00-02:30, 2026-03-28T21:00:00Z, 2026-03-29T01:00:00Z",
    "America/New_York, sunday 02:30-05:00, 2026-03-08T07:00:00Z, 2026-03-08T09:00:00Z",
    "America/New_York, sunday 01:30-05:00, 2026-11-01T05:30:00Z, 2026-11-01T10:00:00Z",
    // Half an hour: from 02:00 to 02:30, and from 02:00 back to 01:30.
    "Australia/Lord_Howe, sunday 02:15-05:00, 2026-10-03T15:30:00Z, 2026-10-03T18:00:00Z",
    "Australia/Lord_Howe, sunday 01:45-05:00, 2026-04-04T14:45:00Z, 2026-04-04T18:30:00Z",
    // Back for Ramadan, when it begins, and forth when it is over.
    "Africa/Casablanca, sunday 02:30-05:00, 2026-02-15T01:30:00Z, 2026-02-15T05:00:00Z",
    "Africa/Casablanca, sunday 02:30-05:00, 2026-03-22T02:00:00Z, 2026-03-22T04:00:00Z",
  })
  void a_change_of_the_clocks_neither_skips_nor_repeats_a_window(
      String zone, String window, String open, String close) {
    assertOpenOnly(hours(zone, window), open, close);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Africa/Casablanca"})
  void always_is_always_through_every_change_of_a_year(String zone) {
    ProcessingHours always = ProcessingHours.always(ZoneId.of(zone));
    Instant end = at("2027-01-01T00:00:00Z");
    for (Instant i = at("2026-01-01T00:00:00Z");
        i.isBefore(end);
        i = i.plus(Duration.ofMinutes(15))) {
      assertTrue(always.isOpen(i), i.toString());
    }
    assertEquals(Optional.empty(), always.nextClosing(at("2026-03-28T12:00:00Z")));
    assertEquals(Optional.empty(), always.nextOpening(at("2026-03-28T12:00:00Z")));
  }

  @Test
  void a_window_that_the_clocks_skip_altogether_does_not_open() {
    ProcessingHours hours = hours("Europe/Berlin", "sunday 02:10-02:50");
    Instant noon = at("2026-03-28T11:00:00Z");
    for (int minutes = 0; minutes < 24 * 60; minutes++) {
      assertFalse(hours.isOpen(noon.plus(Duration.ofMinutes(minutes))));
    }
    assertEquals(Optional.of(at("2026-04-05T00:10:00Z")), hours.nextOpening(noon));
    // A week before it is two weeks away.
    for (String asked : List.of("2026-03-22T01:50:00Z", "2026-03-22T21:59:59Z")) {
      assertEquals(Optional.of(at("2026-04-05T00:10:00Z")), hours.nextOpening(at(asked)), asked);
    }
  }

  @Test
  void windows_that_meet_or_overlap_close_once() {
    ProcessingHours hours =
        hours("UTC", "friday 20:00-24:00", "saturday 00:00-04:00", "saturday 03:00-06:00");
    assertEquals(
        Optional.of(at("2026-01-03T06:00:00Z")), hours.nextClosing(at("2026-01-02T21:00:00Z")));
    assertEquals(Optional.empty(), hours.nextClosing(at("2026-01-02T19:00:00Z")));
    assertEquals(
        Optional.of(at("2026-01-02T20:00:00Z")), hours.nextOpening(at("2026-01-02T19:00:00Z")));
    assertEquals(
        Optional.of(at("2026-01-09T20:00:00Z")), hours.nextOpening(at("2026-01-03T06:00:00Z")));
  }

  @Test
  void no_windows_are_never_open() {
    ProcessingHours never = hours("UTC");
    assertFalse(never.isOpen(at("2026-01-02T21:00:00Z")));
    assertEquals(Optional.empty(), never.nextOpening(at("2026-01-02T21:00:00Z")));
    assertEquals(Optional.empty(), never.nextClosing(at("2026-01-02T21:00:00Z")));
  }

  @ParameterizedTest
  @CsvSource({
    "someday, 08:00, 09:00",
    "monday, 8:00, 09:00",
    "monday, 08:00, 24:01",
    "monday, 24:00, 09:00",
    "monday, 08:60, 09:00",
    "'', 08:00, 09:00",
    "monday, '', 09:00"
  })
  void what_is_no_window_is_refused(String day, String from, String to) {
    assertThrows(DateTimeException.class, () -> Window.parse(day, from, to));
  }

  @Test
  void all_that_is_wrong_with_a_window_is_named_at_once() {
    assertEquals(
        "day is not one of monday to sunday; from is not HH:MM, from 00:00 to 23:59;"
            + " to is not HH:MM, from 00:00 to 24:00",
        assertThrows(DateTimeException.class, () -> Window.parse("fryday", "24:00", "6"))
            .getMessage());
  }

  @Test
  void windows_that_touch_or_overlap_are_open_since_the_first() {
    ProcessingHours hours =
        hours(
            "UTC",
            "friday 12:00-18:00",
            "friday 19:00-20:00",
            "friday 18:00-23:00",
            "friday 23:30-06:00",
            "saturday 06:00-08:00");
    assertEquals(
        Optional.of(at("2026-01-02T12:00:00Z")), hours.openSince(at("2026-01-02T22:00:00Z")));
    assertEquals(Optional.empty(), hours.openSince(at("2026-01-02T23:00:00Z")));
    assertEquals(
        Optional.of(at("2026-01-02T23:30:00Z")), hours.openSince(at("2026-01-03T07:00:00Z")));
  }
}
