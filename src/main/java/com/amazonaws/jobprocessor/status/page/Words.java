package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.cost.Usd;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/** Numbers and times as people read them. */
final class Words {
  private static final int TIME = "2026-01-02 ".length();
  private static final int TO_MINUTES = "2026-01-02 15:04".length();
  private static final int TO_SECONDS = "2026-01-02 15:04:05".length();
  private static final Duration SAME_DAY = Duration.ofHours(20);
  private static final BigDecimal CENT = new BigDecimal("0.01");
  private static final int MINUTE = 60;

  private Words() {}

  /** Such as {@code 12,345}. */
  static String count(long number) {
    StringBuilder digits = new StringBuilder(Long.toString(number));
    int first = number < 0 ? 1 : 0;
    for (int at = digits.length() - 3; at > first; at -= 3) {
      digits.insert(at, ',');
    }
    return digits.toString();
  }

  /** The same with the word for it, such as {@code 1 job} and {@code 2 jobs}. */
  static String count(long number, String one) {
    return count(number) + " " + one + (number == 1 ? "" : "s");
  }

  /** Such as {@code 12,345} or {@code 1.2}. */
  static String number(double number) {
    return number >= 100 || number == Math.rint(number)
        ? count(Math.round(number))
        : places(number, number < 1 ? 2 : 1);
  }

  private static String places(double number, int places) {
    return BigDecimal.valueOf(number).setScale(places, RoundingMode.HALF_UP).toPlainString();
  }

  /** A share from 0 to 1, such as {@code 97 %}. */
  static String percent(double share) {
    return Math.round(share * 100) + " %";
  }

  /** So many of them a second, or a minute if that is not even one in ten seconds. */
  static String rate(double perSecond, String units) {
    return perSecond == 0 || perSecond >= 0.1
        ? number(perSecond) + " " + units + " a second"
        : number(perSecond * MINUTE) + " " + units + " a minute";
  }

  /** In at most two units, such as {@code 2 h 5 min}; negative ones as none. */
  static String duration(Duration time) {
    long millis = Math.max(0, time.toMillis());
    if (millis < 1) {
      return time.isPositive() ? "under 1 ms" : "0 s";
    }
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < 9_950) {
      return places(millis / 1_000.0, 1) + " s";
    }
    long seconds = Math.round(millis / 1_000.0);
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    if (seconds < 3_600) {
      return two(seconds / MINUTE, "min", seconds % MINUTE, "s");
    }
    long minutes = Math.round(seconds / 60.0);
    return minutes < 24 * MINUTE
        ? two(minutes / MINUTE, "h", minutes % MINUTE, "min")
        : two(minutes / (24 * MINUTE), "d", minutes / MINUTE % 24, "h");
  }

  /** The same in whole units only: {@code about 5 min}. */
  static String roughly(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    if (seconds < 10) {
      return "a few seconds";
    }
    if (seconds < MINUTE) {
      return Math.round(seconds / 5.0) * 5 + " s";
    }
    return duration(Duration.ofMinutes(Math.round(seconds / 60.0)));
  }

  private static String two(long many, String unit, long few, String smaller) {
    return few == 0 ? many + " " + unit : many + " " + unit + " " + few + " " + smaller;
  }

  /** Without parts of seconds, for what changes all the time. */
  static String wholeSeconds(Duration time) {
    long seconds = Math.max(0, time.toSeconds());
    return seconds < 10 ? seconds + " s" : duration(Duration.ofSeconds(seconds));
  }

  /** Such as {@code 3 min ago}; the exact time is there to be looked up. */
  static Html ago(Instant at, Instant now) {
    return time("", at, wholeSeconds(Duration.between(at, now)) + " ago");
  }

  /** A time of day, with the day if it is not today or so; the script can make it a local one. */
  static Html clock(Instant at, Instant now) {
    return isNear(at, now)
        ? time("minute", at, part(at, TIME, TO_MINUTES) + " UTC")
        : time("day", at, part(at, 0, TO_MINUTES) + " UTC");
  }

  /** From one time of day to another. */
  static Html clocks(Instant from, Instant to, Instant now) {
    return Html.of(
        "{} to {}",
        isNear(to, now) ? time("minute", from, part(from, TIME, TO_MINUTES)) : clock(from, now),
        clock(to, now));
  }

  private static boolean isNear(Instant at, Instant now) {
    return Duration.between(at, now).abs().compareTo(SAME_DAY) < 0;
  }

  /** A time of day to the second; the script can make it a local one. */
  static Html exactClock(Instant at) {
    return time("second", at, part(at, TIME, TO_SECONDS) + " UTC");
  }

  /** The class says to the script how a local time is to be written. */
  private static Html time(String style, Instant at, String text) {
    return Html.of(
        "<time class=\"{}\" datetime=\"{}\" title=\"{} UTC\">{}</time>",
        style,
        at.truncatedTo(ChronoUnit.SECONDS),
        part(at, 0, TO_SECONDS),
        text);
  }

  /** Of {@code 2026-01-02 15:04:05}. The JDK's formatters would load a megabyte for it. */
  private static String part(Instant at, int from, int to) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').substring(from, to);
  }

  /** To the cent; smaller amounts with two digits that count. */
  static String dollars(Usd usd) {
    return "$"
        + (usd.isZero() || usd.amount().compareTo(CENT) >= 0 ? usd.rounded(2) : usd.significant(2));
  }
}
