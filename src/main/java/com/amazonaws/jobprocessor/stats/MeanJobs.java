package com.amazonaws.jobprocessor.stats;

/**
 * How many jobs a message carries in the mean, of some hundred that came last. Safe for use by
 * several threads.
 */
final class MeanJobs {
  private static final double MEAN_OF = 100;

  private double mean = 1;
  private boolean known;

  /** Messages came that carry so many jobs together. */
  synchronized void add(int messages, int jobs) {
    double weight = known ? Math.min(1, messages / MEAN_OF) : 1;
    mean += ((double) jobs / messages - mean) * weight;
    known = true;
  }

  /** At least 1, which it is until a message has come. */
  synchronized double now() {
    return mean;
  }
}
