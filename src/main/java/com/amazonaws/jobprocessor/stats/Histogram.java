package com.amazonaws.jobprocessor.stats;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Counts durations by their length: an atomic addition and a striped one for each, whatever the
 * number of threads, and no lock.
 */
public final class Histogram {
  private static final int[] STEPS = {100, 125, 150, 200, 250, 300, 400, 500, 600, 750};
  private static final int DECADES = 8;
  private static final int[] ROUND_SECONDS = {
    120, 1_800, 3_600, 7_200, 10_000, 14_400, 21_600, 28_800, 43_200, 57_600, 86_400, 129_600,
    172_800, 259_200, 345_600, 518_400, 691_200, 950_400, 1_209_600
  };

  /**
   * The upper bounds, in microseconds, in order: 0.1 ms to the fourteen days that SQS keeps a
   * message, each at most a third above the one before, beyond two hours a half. Those of the
   * metrics are among them.
   */
  static final long[] BOUNDS = bounds();

  /** SQS keeps a message for no longer: a wait that seems longer comes of a wrong clock. */
  private static final Duration LONGEST = Duration.ofDays(14);

  private final AtomicLongArray counts = new AtomicLongArray(BOUNDS.length + 1);
  private final LongAdder micros = new LongAdder();
  private long seconds;
  private final @Nullable Exemplars exemplars;

  /** Nothing counted, and no exemplars kept. */
  public Histogram() {
    this.exemplars = null;
  }

  /**
   * Nothing counted; keeps an exemplar for each bucket.
   *
   * @param wallClock dates them
   */
  public Histogram(InstantSource wallClock) {
    this.exemplars = new Exemplars(BOUNDS.length + 1, wallClock);
  }

  private static long[] bounds() {
    long[] bounds = new long[STEPS.length * DECADES + ROUND_SECONDS.length];
    int n = 0;
    long unit = 1;
    for (int decade = 0; decade < DECADES; decade++) {
      for (int step : STEPS) {
        bounds[n++] = step * unit;
      }
      unit *= 10;
    }
    for (int seconds : ROUND_SECONDS) {
      bounds[n++] = seconds * 1_000_000L;
    }
    Arrays.sort(bounds);
    return bounds;
  }

  /** Counts one; a negative length, which only a clock that was set back makes, counts as none. */
  public void add(Duration length) {
    count(micros(length));
  }

  /** Counts the length of a job, which may become its bucket's exemplar. */
  public void add(Duration length, String jobId) {
    long value = micros(length);
    int bucket = count(value);
    if (exemplars != null) {
      exemplars.offer(bucket, value, jobId);
    }
  }

  private static long micros(Duration length) {
    Duration most = length.compareTo(LONGEST) < 0 ? length : LONGEST;
    return most.isNegative() ? 0 : most.toNanos() / 1_000;
  }

  private int count(long value) {
    int at = Arrays.binarySearch(BOUNDS, value);
    int bucket = at < 0 ? -at - 1 : at;
    counts.getAndIncrement(bucket);
    micros.add(value);
    return bucket;
  }

  /**
   * The last exemplars, at most one for each bucket, those of short lengths first. After each
   * question the next job of each bucket becomes its exemplar.
   */
  public List<Exemplar> exemplars() {
    return exemplars == null ? List.of() : exemplars.take();
  }

  /**
   * What has been counted so far. Whoever asks carries whole seconds over: of very many long waits
   * the microseconds would be more than a long holds.
   */
  public synchronized HistogramCounts now() {
    long[] copy = new long[counts.length()];
    for (int i = 0; i < copy.length; i++) {
      copy[i] = counts.get(i);
    }
    long sum = micros.sum();
    long whole = sum / HistogramCounts.MICROS_PER_SECOND;
    micros.add(-whole * HistogramCounts.MICROS_PER_SECOND);
    seconds += whole;
    return new HistogramCounts(copy, seconds, sum % HistogramCounts.MICROS_PER_SECOND);
  }
}
