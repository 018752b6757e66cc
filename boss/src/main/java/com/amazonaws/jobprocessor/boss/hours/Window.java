package com.amazonaws.jobprocessor.boss.hours;

import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of a day of the week, by the clock on the wall.
 *
 * @param day on which it begins
 * @param from when it begins
 * @param to when it ends: on the next day unless it is later than {@code from}; equal times are a
 *     whole day
 */
public record Window(DayOfWeek day, LocalTime from, LocalTime to) {
  private static final Pattern TIME = Pattern.compile("([01][0-9]|2[0-3]):[0-5][0-9]");

  /**
   * Reads a window.
   *
   * @param day its English name, {@code monday} to {@code sunday}, in any case
   * @param from {@code HH:MM}
   * @param to {@code HH:MM}, or {@code 24:00}
   * @throws DateTimeException in one line, which names all that is wrong, if it is none
   */
  public static Window parse(String day, String from, String to) {
    boolean midnight = to.equals("24:00");
    DayOfWeek begins = dayOf(day);
    List<String> wrong = new ArrayList<>();
    if (begins == null) {
      wrong.add("day is not one of monday to sunday");
    }
    if (!isTime(from)) {
      wrong.add("from is not HH:MM, from 00:00 to 23:59");
    }
    if (!midnight && !isTime(to)) {
      wrong.add("to is not HH:MM, from 00:00 to 24:00");
    }
    if (begins == null || !wrong.isEmpty()) {
      throw new DateTimeException(String.join("; ", wrong));
    }
    return new Window(
        begins, LocalTime.parse(from), midnight ? LocalTime.MIN : LocalTime.parse(to));
  }

  private static @Nullable DayOfWeek dayOf(String name) {
    for (DayOfWeek day : DayOfWeek.values()) {
      if (day.name().equalsIgnoreCase(name)) {
        return day;
      }
    }
    return null;
  }

  private static boolean isTime(String text) {
    return TIME.matcher(text).matches();
  }

  /** The day's name as {@link #parse} reads it. */
  public String dayName() {
    return day.name().toLowerCase(Locale.ROOT);
  }

  /** The end as {@link #parse} reads it. */
  public String toText() {
    return to.equals(LocalTime.MIN) ? "24:00" : to.toString();
  }

  /** From an instant on, until before another. */
  record Stretch(Instant start, Instant end) {
    boolean contains(Instant instant) {
      return !instant.isBefore(start) && instant.isBefore(end);
    }
  }

  /**
   * When the window is open if it begins on a date. A time that the clocks skip is the moment at
   * which they do; of a time that they show twice it begins at the first and ends at the second.
   */
  Stretch on(LocalDate date, ZoneId zone) {
    LocalDate last = to.isAfter(from) ? date : date.plusDays(1);
    return new Stretch(instant(date.atTime(from), zone, 0), instant(last.atTime(to), zone, 1));
  }

  private static Instant instant(LocalDateTime time, ZoneId zone, int which) {
    ZoneRules rules = zone.getRules();
    List<ZoneOffset> offsets = rules.getValidOffsets(time);
    if (offsets.isEmpty()) {
      ZoneOffsetTransition gap = rules.getTransition(time);
      return gap.getInstant();
    }
    return time.toInstant(offsets.get(Math.min(which, offsets.size() - 1)));
  }
}
