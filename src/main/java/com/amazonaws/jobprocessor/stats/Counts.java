package com.amazonaws.jobprocessor.stats;

/**
 * What has happened to jobs, counted.
 *
 * @param received messages, copies included
 * @param ranMillis how long executors took for the results that they returned
 * @param pollRateNanos for how long {@code poll_rate_per_min} held back receives
 */
public record Counts(
    long received,
    long succeeded,
    long retried,
    long deadLettered,
    long givenBack,
    long leasesLost,
    long ranMillis,
    long pollRateNanos) {
  /** What has been counted since. */
  public Counts minus(Counts earlier) {
    return new Counts(
        received - earlier.received,
        succeeded - earlier.succeeded,
        retried - earlier.retried,
        deadLettered - earlier.deadLettered,
        givenBack - earlier.givenBack,
        leasesLost - earlier.leasesLost,
        ranMillis - earlier.ranMillis,
        pollRateNanos - earlier.pollRateNanos);
  }

  /** Jobs that have come to an end. */
  public long jobs() {
    return succeeded + deadLettered;
  }
}
