package com.amazonaws.jobprocessor.boss.hours;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The hours of the week in which tasks may be dispatched. Whether they are open is asked of an
 * instant and answered by the zone's rules, so that no change of the clocks is missed or met twice.
 *
 * @param zone whose clocks the windows mean
 * @param windows may overlap; none means never
 */
public record ProcessingHours(ZoneId zone, List<Window> windows) {
  /** As many as a week has quarters of an hour. */
  public static final int MAX_WINDOWS = 672;

  private static final int DAYS = 8;

  /** The only window of a week may be one that the clocks skip. */
  private static final int DAYS_TO_OPENING = 15;

  /** A copy of the windows. */
  public ProcessingHours {
    windows = List.copyOf(windows);
  }

  /** Every hour of the week. */
  public static ProcessingHours always(ZoneId zone) {
    return new ProcessingHours(
        zone,
        Stream.of(DayOfWeek.values())
            .map(day -> new Window(day, LocalTime.MIN, LocalTime.MIN))
            .toList());
  }

  /** True if a window is open at the instant: from its begin on, until before its end. */
  public boolean isOpen(Instant instant) {
    return around(instant, 0).stream().anyMatch(stretch -> stretch.contains(instant));
  }

  /** When they open next, after the instant; empty if they are open then, or never will be. */
  public Optional<Instant> nextOpening(Instant instant) {
    if (isOpen(instant)) {
      return Optional.empty();
    }
    return around(instant, DAYS_TO_OPENING).stream()
        .map(Window.Stretch::start)
        .filter(start -> start.isAfter(instant))
        .findFirst();
  }

  /** Since when they have been open, up to two days ago; empty if they are closed. */
  public Optional<Instant> openSince(Instant instant) {
    Instant since = instant;
    for (Window.Stretch stretch : around(instant, 0).reversed()) {
      if (stretch.start().isBefore(since) && !stretch.end().isBefore(since)) {
        since = stretch.start();
      }
    }
    return isOpen(instant) ? Optional.of(since) : Optional.empty();
  }

  /**
   * When they close next, after the instant; empty if they are closed then, or not about to close
   * within a week.
   */
  public Optional<Instant> nextClosing(Instant instant) {
    Instant end = instant;
    for (Window.Stretch stretch : around(instant, DAYS)) {
      if (stretch.start().isAfter(end)) {
        break;
      }
      if (stretch.end().isAfter(end)) {
        end = stretch.end();
      }
    }
    boolean found =
        end.isAfter(instant) && end.isBefore(instant.atZone(zone).plusDays(DAYS - 1).toInstant());
    return found ? Optional.of(end) : Optional.empty();
  }

  /** What begins on the days around an instant and so many after it, by its begin. */
  private List<Window.Stretch> around(Instant instant, int daysAhead) {
    LocalDate today = instant.atZone(zone).toLocalDate();
    List<Window.Stretch> stretches = new ArrayList<>();
    // A window that is over midnight began yesterday; in a zone that skips a day, the day before.
    for (int offset = -2; offset <= daysAhead + 1; offset++) {
      LocalDate date = today.plusDays(offset);
      for (Window window : windows) {
        if (window.day() == date.getDayOfWeek()) {
          Window.Stretch stretch = window.on(date, zone);
          if (stretch.start().isBefore(stretch.end())) {
            stretches.add(stretch);
          }
        }
      }
    }
    stretches.sort(Comparator.comparing(Window.Stretch::start));
    return stretches;
  }
}
