package com.amazonaws.jobprocessor.work.room;

import java.time.Duration;

/**
 * How long attempts took that ended by themselves, counted in classes that are 9 % wide; and what
 * that says of one that runs. Old ones count less and less. Safe for use by several threads.
 */
public final class RunTimes {
  private static final int CLASSES_PER_DOUBLING = 8;

  /** From a millisecond to more than the twelve hours that an attempt may take. */
  private static final int CLASSES = CLASSES_PER_DOUBLING * 26;

  /** So many, and each counts half. */
  private static final int ENOUGH = 4_096;

  private final Duration expected;
  private final long[] counts = new long[CLASSES];
  private long total;

  /**
   * Nothing measured yet.
   *
   * @param expected how long an attempt is taken to last until one has ended
   */
  public RunTimes(Duration expected) {
    this.expected = expected;
  }

  /** An attempt has ended by itself, well or not, after so long. */
  public synchronized void ended(Duration took) {
    counts[classOf(took)]++;
    total++;
    if (total >= ENOUGH) {
      total = 0;
      for (int i = 0; i < CLASSES; i++) {
        counts[i] /= 2;
        total += counts[i];
      }
    }
  }

  /**
   * Whether an attempt is more likely than not to end within a time: of those measured that lasted
   * longer than it has run, at least half ended by then. One that has run longer than 99 of 100 did
   * is not: nobody knows when it will end.
   *
   * @param age for which it has run
   * @param left until it has to be done
   */
  public synchronized boolean likelyDone(Duration age, Duration left) {
    if (total == 0) {
      return age.compareTo(expected) <= 0 && age.plus(left).compareTo(expected) >= 0;
    }
    long longer = countFrom(classOf(age));
    return longer * 100 >= total && 2 * inTime(age, left) >= longer;
  }

  /**
   * Whether there is next to no hope any more that an attempt ends within a time: of those measured
   * that lasted longer than it has run, fewer than a tenth ended by then. Where none lasted longer,
   * nobody knows.
   */
  public synchronized boolean hardlyDone(Duration age, Duration left) {
    return 10 * inTime(age, left) < countFrom(classOf(age));
  }

  private long inTime(Duration age, Duration left) {
    long end = age.plus(left).toNanos();
    long inTime = 0;
    for (int i = classOf(age); i < CLASSES && ceiling(i) <= end; i++) {
      inTime += counts[i];
    }
    return inTime;
  }

  private long countFrom(int first) {
    long count = 0;
    for (int i = first; i < CLASSES; i++) {
      count += counts[i];
    }
    return count;
  }

  private static int classOf(Duration took) {
    double millis = Math.max(1, took.toNanos() / 1e6);
    int number = (int) (Math.log(millis) / Math.log(2) * CLASSES_PER_DOUBLING);
    return Math.min(number, CLASSES - 1);
  }

  /** What no time of the class is above, in nanoseconds. */
  private static double ceiling(int number) {
    return Math.pow(2, (number + 1.0) / CLASSES_PER_DOUBLING) * 1e6;
  }
}
