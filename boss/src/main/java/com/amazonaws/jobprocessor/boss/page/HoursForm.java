package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.message.Printable;
import java.time.DateTimeException;
import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.TextStyle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The hours as people write them: for each day of the week, {@code 22:00-06:00, 12:00-13:00}.
 *
 * @param days Monday first
 */
record HoursForm(String zone, List<Day> days) {
  private static final int MAX_TEXT = 500;
  private static final int MINUTES_OF_DAY = 24 * 60;

  /** What begins on a day. */
  record Day(DayOfWeek day, String text) {
    /** Such as {@code Monday}. */
    String name() {
      return day.getDisplayName(TextStyle.FULL, Locale.ENGLISH);
    }

    /** The name of its field. */
    String field() {
      return day.name().toLowerCase(Locale.ROOT);
    }
  }

  /** A stretch of a day, in minutes from its midnight. */
  record Stretch(int from, int length) {}

  /** What is wrong with what was written. */
  static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    private final transient List<String> problems;

    Wrong(List<String> problems) {
      super(String.join(" ", problems));
      this.problems = List.copyOf(problems);
    }

    List<String> problems() {
      return problems;
    }
  }

  /** The hours that are set. */
  static HoursForm of(ProcessingHours hours) {
    return new HoursForm(
        hours.zone().getId(),
        Stream.of(DayOfWeek.values()).map(day -> new Day(day, text(hours, day))).toList());
  }

  private static String text(ProcessingHours hours, DayOfWeek day) {
    return hours.windows().stream()
        .filter(window -> window.day() == day)
        .map(window -> window.from() + "-" + window.toText())
        .collect(Collectors.joining(", "));
  }

  /** What somebody has sent. */
  static HoursForm of(Visit visit) {
    return new HoursForm(
        visit.field("zone").strip(),
        Stream.of(DayOfWeek.values())
            .map(day -> new Day(day, visit.field(day.name().toLowerCase(Locale.ROOT)).strip()))
            .toList());
  }

  /** Tells whether the hours are those that were shown. */
  String digest() {
    return Printable.sha256(zone + days);
  }

  /** The hours that are meant. */
  ProcessingHours parse() throws Wrong {
    List<String> problems = new ArrayList<>();
    if (!ZoneId.getAvailableZoneIds().contains(zone)) {
      problems.add("The time zone is none that is known here; examples are Europe/Berlin and UTC.");
    }
    List<Window> windows = new ArrayList<>();
    for (Day day : days) {
      if (day.text().length() > MAX_TEXT) {
        problems.add(day.name() + ": too long.");
        continue;
      }
      for (String range : day.text().split("[,;]", -1)) {
        if (!range.isBlank()) {
          parse(day, range.strip(), windows, problems);
        }
      }
    }
    if (windows.size() > ProcessingHours.MAX_WINDOWS) {
      problems.add("There are more than " + ProcessingHours.MAX_WINDOWS + " windows.");
    }
    if (!problems.isEmpty()) {
      throw new Wrong(problems);
    }
    return new ProcessingHours(ZoneId.of(zone), windows);
  }

  private static void parse(Day day, String range, List<Window> windows, List<String> problems) {
    String[] ends = range.split("\\s*[-\u2013]\\s*", -1);
    try {
      if (ends.length != 2) {
        throw new DateTimeException("not FROM-TO");
      }
      windows.add(Window.parse(day.field(), ends[0], ends[1]));
    } catch (DateTimeException e) {
      problems.add(
          "%s: \u201c%s\u201d is not HH:MM-HH:MM, such as 22:00-06:00."
              .formatted(day.name(), Words.foreign(range, 40)));
    }
  }

  /** What is open on a day, as a picture of it: also what began the day before. */
  static List<Stretch> open(ProcessingHours hours, DayOfWeek day) {
    List<Stretch> open = new ArrayList<>();
    for (Window window : hours.windows()) {
      int from = minutes(window.from());
      int to = minutes(window.to());
      boolean over = to <= from;
      if (window.day() == day) {
        open.add(new Stretch(from, (over ? MINUTES_OF_DAY : to) - from));
      }
      if (over && to > 0 && window.day().plus(1) == day) {
        open.add(new Stretch(0, to));
      }
    }
    return open;
  }

  private static int minutes(LocalTime time) {
    return time.getHour() * 60 + time.getMinute();
  }
}
