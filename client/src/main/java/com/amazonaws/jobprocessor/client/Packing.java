package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.send.PackSize;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How many jobs share a message. That saves requests for jobs of some milliseconds; every worker
 * takes packs. Not for FIFO queues.
 */
public final class Packing {
  private final @Nullable PackSize size;
  private final @Nullable String resultsQueue;
  private final boolean resultPacks;

  private Packing(@Nullable PackSize size, @Nullable String resultsQueue, boolean resultPacks) {
    this.size = size;
    this.resultsQueue = resultsQueue;
    this.resultPacks = resultPacks;
  }

  /** A message a job: the default. */
  public static Packing none() {
    return upTo(1);
  }

  /**
   * Up to so many jobs a pack, as many as fit into 64 KiB, which SQS bills as one request.
   *
   * @param jobs 1 to 1,000
   * @throws IllegalArgumentException if it is another number
   */
  public static Packing upTo(int jobs) {
    return upTo(jobs, PackSize.CHUNK);
  }

  /**
   * Up to so many jobs a pack, as many as fit into so many bytes: SQS bills a request for each
   * begun 64 KiB.
   *
   * @param jobs 1 to 1,000
   * @param bytes of a message, with all that it has beside the jobs: 1 to 1,048,576
   * @throws IllegalArgumentException if one of them is another number
   */
  public static Packing upTo(int jobs, int bytes) {
    if (jobs < 1 || jobs > PackFormat.MAX_JOBS) {
      throw new IllegalArgumentException(
          "jobs a pack: allowed are 1 to " + PackFormat.MAX_JOBS + ", not " + jobs);
    }
    if (bytes < 1 || bytes > MessageFormat.MAX_BYTES) {
      throw new IllegalArgumentException(
          "bytes a pack: allowed are 1 to " + MessageFormat.MAX_BYTES + ", not " + bytes);
    }
    return new Packing(PackSize.exactly(jobs, bytes), null, false);
  }

  /**
   * Packs of up to 64 KiB and one second of jobs; they begin small, and grow with the number of
   * jobs, so that many boxes have work from the beginning.
   *
   * @param mean how long a job takes, more than zero
   * @throws IllegalArgumentException if it is not more than zero
   */
  public static Packing lasting(Duration mean) {
    if (mean.isNegative() || mean.isZero()) {
      throw new IllegalArgumentException("how long a job takes: more than zero, not " + mean);
    }
    return new Packing(PackSize.lasting(mean.toNanos() / 1e6, 0), null, false);
  }

  /**
   * As {@link #lasting}, with the mean of up to 30 results that wait in a queue, which stay
   * visible. They are looked at when the enqueuer is built, and again while jobs come, at most
   * every five minutes and by a thread of its own: up to four requests each time. Packs have up to
   * ten jobs until results were found; what was learned holds until others are found.
   */
  public static Packing learnedFrom(String resultsQueue) {
    return new Packing(null, resultsQueue, false);
  }

  /** As a size says that is known already: for the command line, not for applications. */
  public static Packing of(PackSize size) {
    return new Packing(size, null, false);
  }

  /** The same, and the results of a pack are to share messages as well. */
  public Packing withResultPacks() {
    return new Packing(size, resultsQueue, true);
  }

  /** True if each job has a message of its own. */
  boolean isNone() {
    return size != null && size.most() == 1 && size.packs() == 1;
  }

  /** How large packs become; null if that is to be learned. */
  @Nullable PackSize size() {
    return size;
  }

  @Nullable String resultsQueue() {
    return resultsQueue;
  }

  boolean resultPacks() {
    return resultPacks;
  }
}
