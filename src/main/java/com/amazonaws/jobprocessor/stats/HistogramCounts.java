package com.amazonaws.jobprocessor.stats;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;

/** What a {@link Histogram} has counted up to a moment, or between two. */
public final class HistogramCounts {
  static final long MICROS_PER_SECOND = 1_000_000;

  private final long[] counts;
  private final long seconds;
  private final long micros;

  /**
   * Counts.
   *
   * @param counts one for each bound of the histogram, and one for what is beyond
   * @param seconds the sum of all lengths, but for the microseconds
   */
  HistogramCounts(long[] counts, long seconds, long micros) {
    this.counts = counts.clone();
    this.seconds = seconds;
    this.micros = micros;
  }

  /** None. */
  static HistogramCounts none() {
    return new HistogramCounts(new long[Histogram.BOUNDS.length + 1], 0, 0);
  }

  /** What has been counted since. */
  HistogramCounts minus(HistogramCounts earlier) {
    long[] since = new long[counts.length];
    for (int i = 0; i < since.length; i++) {
      since[i] = counts[i] - earlier.counts[i];
    }
    return new HistogramCounts(since, seconds - earlier.seconds, micros - earlier.micros);
  }

  /** How many. */
  public long count() {
    return Arrays.stream(counts).sum();
  }

  /** Of all together, in seconds. */
  public double seconds() {
    return seconds + (double) micros / MICROS_PER_SECOND;
  }

  /** How many were no longer than so many seconds, which is one of the histogram's bounds. */
  public long upTo(double seconds) {
    long bound = Math.round(seconds * MICROS_PER_SECOND);
    int at = Arrays.binarySearch(Histogram.BOUNDS, bound);
    if (at < 0) {
      throw new IllegalArgumentException("no bound: " + seconds);
    }
    return Arrays.stream(counts, 0, at + 1).sum();
  }

  /**
   * The length that so great a part of all has not exceeded; off by at most a third, beyond two
   * hours a half, by a tenth mostly. Zero if there is none.
   *
   * @param part 0 to 1
   */
  Duration quantile(double part) {
    double rank = part * count();
    long below = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] > 0 && below + counts[i] >= rank) {
        long from = i == 0 ? 0 : Histogram.BOUNDS[i - 1];
        long to = i < Histogram.BOUNDS.length ? Histogram.BOUNDS[i] : from;
        double within = Math.clamp((rank - below) / counts[i], 0, 1);
        return Duration.ofNanos(Math.round((from + (to - from) * within) * 1_000));
      }
      below += counts[i];
    }
    return Duration.ZERO;
  }

  /** In the few numbers that people look at. */
  public Times times() {
    long count = count();
    return new Times(count, mean(count), quantile(0.5), quantile(0.95), quantile(0.99));
  }

  private Duration mean(long count) {
    if (count == 0) {
      return Duration.ZERO;
    }
    long rest = seconds % count * MICROS_PER_SECOND + micros;
    return Duration.ofSeconds(seconds / count).plus(rest / count, ChronoUnit.MICROS);
  }
}
