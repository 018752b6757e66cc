package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/** Numbers, times and foreign texts as people read them. */
final class Words {
  private static final int MINUTE = 60;
  private static final long KIBI = 1_024;

  private Words() {}

  /** Such as {@code 12,345}. */
  static String count(long number) {
    return String.format(Locale.ROOT, "%,d", number);
  }

  /** The same with the word for it, such as {@code 1 task} and {@code 2 tasks}. */
  static String count(long number, String one) {
    return count(number) + " " + one + (number == 1 ? "" : "s");
  }

  /** Such as {@code 12,345} or {@code 1.2}. */
  static String number(double number) {
    return number >= 100 || number == Math.rint(number)
        ? count(Math.round(number))
        : String.format(Locale.ROOT, number < 1 ? "%.2f" : "%.1f", number);
  }

  /** A share from 0 to 1, such as {@code 97 %}; not 0 % or 100 % unless it is. */
  static String percent(double share) {
    double percent = share * 100;
    if ((percent > 0 && percent < 1) || (percent > 99 && percent < 100)) {
      return String.format(Locale.ROOT, "%.1f %%", Math.clamp(percent, 0.1, 99.9));
    }
    return Math.round(percent) + " %";
  }

  /** Such as {@code 64 KiB}. */
  static String bytes(long bytes) {
    if (bytes < KIBI) {
      return bytes + " B";
    }
    return bytes < KIBI * KIBI
        ? number(bytes / (double) KIBI) + " KiB"
        : number(bytes / (double) (KIBI * KIBI)) + " MiB";
  }

  /** In at most two units, such as {@code 2 h 5 min}; negative ones as none. */
  static String duration(Duration time) {
    long millis = Math.max(0, time.toMillis());
    if (millis < 1_000) {
      return millis == 0 ? "0 s" : millis + " ms";
    }
    if (millis < 9_950) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
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

  private static String two(long many, String unit, long few, String smaller) {
    return few == 0 ? many + " " + unit : many + " " + unit + " " + few + " " + smaller;
  }

  /** Such as {@code 3 min ago} or {@code in 3 min}. */
  static String relative(Instant at, Instant now) {
    Duration past = Duration.between(at, now).truncatedTo(ChronoUnit.SECONDS);
    if (past.isNegative()) {
      return "in " + whole(past.negated());
    }
    return past.toSeconds() < 1 ? "now" : whole(past) + " ago";
  }

  private static String whole(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    long minutes = seconds / MINUTE;
    if (minutes < 60) {
      return minutes + " min";
    }
    return minutes < 48 * MINUTE ? minutes / MINUTE + " h" : minutes / (24 * MINUTE) + " d";
  }

  /** To the second: {@code 2026-01-02 15:04:05 UTC}. */
  static String exact(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString().replace('T', ' ').replace("Z", " UTC");
  }

  /** To the millisecond: {@code 2026-01-02 15:04:05.123 UTC}. */
  static String precise(Instant at) {
    String text = at.truncatedTo(ChronoUnit.MILLIS).toString().replace('T', ' ').replace("Z", "");
    return text + (text.indexOf('.') < 0 ? ".000" : "") + " UTC";
  }

  /** To the minute: {@code 15:04 UTC}, with the day if it is not near. */
  static String clock(Instant at, Instant now) {
    String text = at.truncatedTo(ChronoUnit.MINUTES).toString();
    String day = text.substring(0, text.indexOf('T'));
    String time = text.substring(day.length() + 1, day.length() + 6) + " UTC";
    boolean near = Duration.between(at, now).abs().compareTo(Duration.ofHours(20)) < 0;
    return near ? time : day + " " + time;
  }

  /** As machines read it. */
  static String iso(Instant at) {
    return at.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  /**
   * A text of somebody else's, cut if it has more characters: what is no character becomes U+FFFD,
   * and what changes the direction of the text around it is made visible. It is not escaped: that
   * is the template's part.
   */
  static String foreign(String text, int max) {
    StringBuilder shown = new StringBuilder(Math.min(text.length(), max) + 16);
    int count = 0;
    for (int at = 0; at < text.length(); ) {
      int c = text.codePointAt(at);
      if (++count > max) {
        return shown.append('\u2026').toString();
      }
      append(shown, c);
      at += Character.charCount(c);
    }
    return shown.toString();
  }

  private static void append(StringBuilder shown, int c) {
    int type = Character.getType(c);
    if (isBidiControl(c)) {
      shown.append("[U+").append(Integer.toHexString(0x10000 | c).substring(1)).append(']');
    } else if (type == Character.SURROGATE
        || (type == Character.CONTROL && c != '\n' && c != '\t')) {
      shown.append('\uFFFD');
    } else {
      shown.appendCodePoint(c);
    }
  }

  /** A text of somebody's that can be stored: without what databases refuse. */
  static String storable(String text) {
    return MessageFormat.sendable(text);
  }

  /** Marks, embeddings, overrides and isolates: Unicode Standard Annex 9, table 4. */
  private static boolean isBidiControl(int c) {
    return c == 0x061C
        || (c >= 0x200E && c <= 0x200F)
        || (c >= 0x202A && c <= 0x202E)
        || (c >= 0x2066 && c <= 0x2069);
  }
}
