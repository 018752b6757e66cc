package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.message.PackFormat;
import java.time.Duration;

/**
 * How large packs become.
 *
 * @param most jobs in one, 1 to {@link PackFormat#MAX_JOBS}
 * @param bytes of one, its attributes included
 * @param packs so many at least are made of all jobs, so that no box idles while others have them
 * @param total how many jobs there are; 0 if that shows only as they come
 */
public record PackSize(int most, int bytes, int packs, long total) {
  /** Each job alone. */
  static final PackSize ONE = exactly(1);

  /**
   * The jobs of one pack may take so long, one after the other: the requests for a pack are a small
   * part of that, and it is what is done again when a worker dies.
   */
  static final Duration BUDGET = Duration.ofSeconds(1);

  /** Five for each of twenty boxes, the default of fleet_max_boxes. */
  static final int MIN_PACKS = 100;

  /** Of jobs of which nothing is known: that saves nine tenths of the requests. */
  static final int CAUTIOUS = 10;

  /** SQS bills a request for each begun 64 KiB (https://aws.amazon.com/sqs/pricing/). */
  public static final int CHUNK = 64 * 1024;

  /** So many jobs a pack, as many as fit into 64 KiB. */
  public static PackSize exactly(int jobs) {
    return exactly(jobs, CHUNK);
  }

  /** So many jobs a pack, as many as fit into so many bytes. */
  public static PackSize exactly(int jobs, int bytes) {
    return new PackSize(jobs, bytes, 1, Long.MAX_VALUE);
  }

  /**
   * As large as pays: up to 64 KiB, and {@link #BUDGET}.
   *
   * @param meanMillis how long a job takes, as a mean
   * @param total how many jobs there are; 0 if that is not known
   */
  public static PackSize lasting(double meanMillis, long total) {
    long fit = (long) (BUDGET.toMillis() / Math.max(1, meanMillis));
    return new PackSize(clamp(fit, PackFormat.MAX_JOBS), CHUNK, MIN_PACKS, total);
  }

  /** For jobs of which nobody knows how long they take. */
  public static PackSize cautious(long total) {
    return new PackSize(CAUTIOUS, CHUNK, MIN_PACKS, total);
  }

  /**
   * How many jobs the next pack may have.
   *
   * @param before how many are in messages already: if the total is not known, packs grow with them
   */
  public int jobs(long before) {
    return clamp(Math.max(total, before) / packs, most);
  }

  private static int clamp(long jobs, int max) {
    return (int) Math.max(1, Math.min(jobs, max));
  }
}
