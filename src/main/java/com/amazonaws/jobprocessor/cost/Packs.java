package com.amazonaws.jobprocessor.cost;

import java.math.BigDecimal;
import java.math.RoundingMode;

/**
 * How many jobs and how many results share a message, as means; one of each if they are not packed.
 *
 * @param jobs a message
 * @param results a message
 */
public record Packs(BigDecimal jobs, BigDecimal results) {
  /** Each alone. */
  public static final Packs NONE = new Packs(BigDecimal.ONE, BigDecimal.ONE);

  /** Jobs in one pack. */
  public static final int MAX_JOBS = 1_000;

  /** A line has the job's id as an attribute has it, and some more around it. */
  private static final int JOB_LINE_BYTES = 15;

  /** The attributes that make a message a pack. */
  private static final int ATTRIBUTE_BYTES = 51;

  public Packs {
    Range.of("jobs a pack", jobs, "1", Integer.toString(MAX_JOBS));
    Range.of("results a pack", results, "1", Integer.toString(MAX_JOBS));
  }

  /**
   * What may be expected where packs of so many jobs ask for packed results: the results of one
   * pack travel together that end within a round trip of 10 ms.
   */
  public static Packs expected(BigDecimal jobs, Workload.Pace pace) {
    return new Packs(jobs, pace.endedIn(Workload.ROUND_TRIP_MILLIS).max(BigDecimal.ONE).min(jobs));
  }

  boolean areNone() {
    return jobs.compareTo(BigDecimal.ONE) == 0;
  }

  /** The same as far as it fits: SQS's largest message, and 64 KiB of results. */
  Packs within(long payloadBytes, long resultBytes) {
    return new Packs(
        jobs.min(most(Workload.LARGEST_MESSAGE, payloadBytes + JOB_LINE_BYTES)),
        results.min(most(Chunks.BYTES, resultBytes)));
  }

  private static BigDecimal most(int messageBytes, long lineBytes) {
    return BigDecimal.valueOf(messageBytes - ATTRIBUTE_BYTES)
        .divide(BigDecimal.valueOf(lineBytes), Usd.DIGITS)
        .setScale(0, RoundingMode.FLOOR)
        .max(BigDecimal.ONE);
  }

  /** Bytes of a message of jobs, each of which would have so many alone. */
  BigDecimal bytesOfJobs(long alone) {
    return bytes(jobs, alone, alone + JOB_LINE_BYTES);
  }

  /** The same of results: what an attribute says alone, a line says as well. */
  BigDecimal bytesOfResults(long alone) {
    return bytes(results, alone, alone);
  }

  private static BigDecimal bytes(BigDecimal packed, long alone, long line) {
    return packed.compareTo(BigDecimal.ONE) == 0
        ? BigDecimal.valueOf(alone)
        : packed.multiply(BigDecimal.valueOf(line)).add(BigDecimal.valueOf(ATTRIBUTE_BYTES));
  }
}
