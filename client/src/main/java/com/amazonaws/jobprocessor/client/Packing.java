package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.PackFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs share a message. That saves requests for jobs of some milliseconds; every worker
 * takes packs. Not for FIFO queues.
 */
public final class Packing {
  private final int jobs;
  private final @Nullable Duration mean;
  private final @Nullable String resultsQueue;
  private final boolean resultPacks;

  private Packing(
      int jobs, @Nullable Duration mean, @Nullable String resultsQueue, boolean resultPacks) {
    this.jobs = jobs;
    this.mean = mean;
    this.resultsQueue = resultsQueue;
    this.resultPacks = resultPacks;
  }

  /** A message a job: the default. */
  public static Packing none() {
    return new Packing(1, null, null, false);
  }

  /**
   * Up to so many jobs a pack, as far as they fit a message.
   *
   * @param jobs 1 to 1,000
   */
  public static Packing upTo(int jobs) {
    if (jobs < 1 || jobs > PackFormat.MAX_JOBS) {
      throw new IllegalArgumentException(
          "jobs a pack: allowed are 1 to " + PackFormat.MAX_JOBS + ", not " + jobs);
    }
    return new Packing(jobs, null, null, false);
  }

  /**
   * Packs of up to 64 KiB and one second of jobs; they begin small, and grow with the number of
   * jobs, so that many boxes have work from the beginning.
   *
   * @param mean how long a job takes, more than zero
   */
  public static Packing lasting(Duration mean) {
    if (mean.isNegative() || mean.isZero()) {
      throw new IllegalArgumentException("how long a job takes: more than zero, not " + mean);
    }
    return new Packing(0, mean, null, false);
  }

  /**
   * As {@link #lasting}, with the mean of up to 30 results that wait in a queue: they are looked at
   * when the enqueuer is built, by up to 3 requests, and stay where they are, visible. Without
   * results, packs have up to ten jobs.
   */
  public static Packing learnedFrom(String resultsQueue) {
    return new Packing(0, null, resultsQueue, false);
  }

  /** The same, and the results of a pack are to share messages as well. */
  public Packing withResultPacks() {
    return new Packing(jobs, mean, resultsQueue, true);
  }

  int jobs() {
    return jobs;
  }

  @Nullable Duration mean() {
    return mean;
  }

  @Nullable String resultsQueue() {
    return resultsQueue;
  }

  boolean resultPacks() {
    return resultPacks;
  }
}
