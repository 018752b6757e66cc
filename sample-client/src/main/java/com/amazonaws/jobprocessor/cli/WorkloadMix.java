package com.amazonaws.jobprocessor.cli;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Which lines a workload has, and how many of each kind: drawn by a seed, always the same. */
final class WorkloadMix {
  /** The longest that the executor Sleep sleeps: twelve hours. */
  static final int MAX_MILLIS = 43_200_000;

  private static final String ALLOWED =
      "allowed are MILLIS:PERCENT, FROM-TO:PERCENT and fail:PERCENT, with milliseconds from 0 to "
          + MAX_MILLIS
          + " and percentages from 0 to 100, as in 1000:10 or 10-200:2.5";
  private static final Pattern SHARE =
      Pattern.compile("(?:([0-9]{1,8})(?:-([0-9]{1,8}))?|fail):([0-9]{1,3}(?:\\.[0-9]{1,4})?)");

  /** In ten-thousandths of a percent, so that shares add up exactly. */
  private static final int WHOLE = 1_000_000;

  /**
   * A kind of lines.
   *
   * @param from the shortest sleep in milliseconds; -1 for a line that fails
   * @param share of all lines, in millionths
   */
  private record Kind(int from, int to, int share) {}

  private final List<Kind> kinds = new ArrayList<>();
  private final Random random;
  private int left = WHOLE;

  /**
   * A mix of nothing but what is added to it.
   *
   * @param seed two mixes with the same seed and the same kinds have the same lines
   */
  WorkloadMix(long seed) {
    random = new Random(seed);
  }

  /**
   * Adds a kind of lines with its share.
   *
   * @param text such as {@code 1000:10}, {@code 10-200:2.5} or {@code fail:1}
   * @throws IllegalArgumentException if it is not understood, or all shares are above 100 %
   */
  void add(String text) {
    Matcher share = SHARE.matcher(text);
    if (!share.matches()) {
      throw refused(text, "is not understood");
    }
    int part = new BigDecimal(share.group(3)).movePointRight(4).intValueExact();
    int from = share.group(1) == null ? -1 : Integer.parseInt(share.group(1));
    int to = share.group(2) == null ? from : Integer.parseInt(share.group(2));
    if (to > MAX_MILLIS || from > to || part > WHOLE) {
      throw refused(text, "is out of range");
    }
    if (part > left) {
      throw refused(text, "makes more than 100 % together with the others");
    }
    left -= part;
    kinds.add(new Kind(from, to, part));
  }

  private static IllegalArgumentException refused(String text, String why) {
    return new IllegalArgumentException(
        "--mix: \"" + Text.cell(text, 40) + "\" " + why + "; " + ALLOWED);
  }

  /** True if the kinds so far are not all lines. */
  boolean hasRest() {
    return left > 0;
  }

  /** All other lines sleep for so many milliseconds. */
  void addRest(int millis) {
    kinds.add(new Kind(millis, millis, left));
    left = 0;
  }

  /**
   * The next line.
   *
   * @param number of the line, from 1
   */
  String next(long number) {
    int at = random.nextInt(WHOLE);
    for (Kind kind : kinds) {
      at -= kind.share();
      if (at < 0) {
        return line(kind, number);
      }
    }
    throw new IllegalStateException("the kinds are not all lines");
  }

  private String line(Kind kind, long number) {
    if (kind.from() < 0) {
      return "fail " + number;
    }
    int millis = kind.from() + random.nextInt(kind.to() - kind.from() + 1);
    return "sleep " + millis;
  }
}
