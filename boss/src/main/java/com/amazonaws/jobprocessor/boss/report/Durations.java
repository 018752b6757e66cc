package com.amazonaws.jobprocessor.boss.report;

import java.util.Arrays;

/** Durations, counted in classes of 5 %: their median is known to within half of that. */
final class Durations {
  private static final double WIDTH = Math.log(1.05);

  /** Up to some decades in milliseconds. */
  private static final int CLASSES = 600;

  /** As long as the longest duration needs: there may be thousands of these at a time. */
  private int[] counts = new int[0];

  private long total;

  void add(long millis) {
    int place = place(millis);
    if (place >= counts.length) {
      counts = Arrays.copyOf(counts, place + 1);
    }
    counts[place]++;
    total++;
  }

  private static int place(long millis) {
    return Math.min(CLASSES - 1, (int) (Math.log1p((double) Math.max(0, millis)) / WIDTH));
  }

  /** The median in milliseconds; 0 if there is none. */
  double median() {
    long rank = (total + 1) / 2;
    for (int i = 0; i < counts.length; i++) {
      rank -= counts[i];
      if (rank <= 0 && total > 0) {
        return Math.expm1((i + 0.5) * WIDTH);
      }
    }
    return 0;
  }
}
