package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.work.WorkListener;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what happens to jobs, for the summary lines and the estimate of their cost. */
final class Counters implements WorkListener {
  private final LongAdder received = new LongAdder();
  private final LongAdder succeeded = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder deadLettered = new LongAdder();
  private final LongAdder givenBack = new LongAdder();
  private final LongAdder leasesLost = new LongAdder();
  private final LongAdder ranMillis = new LongAdder();
  private final Requests requests = new Requests();

  /** The counts at one moment. */
  record Counts(
      long received,
      long succeeded,
      long retried,
      long deadLettered,
      long givenBack,
      long leasesLost,
      long ranMillis) {
    /** What has been counted since. */
    Counts minus(Counts earlier) {
      return new Counts(
          received - earlier.received,
          succeeded - earlier.succeeded,
          retried - earlier.retried,
          deadLettered - earlier.deadLettered,
          givenBack - earlier.givenBack,
          leasesLost - earlier.leasesLost,
          ranMillis - earlier.ranMillis);
    }

    /** Jobs that have come to an end. */
    long jobs() {
      return succeeded + deadLettered;
    }
  }

  Counts now() {
    return new Counts(
        received.sum(),
        succeeded.sum(),
        retried.sum(),
        deadLettered.sum(),
        givenBack.sum(),
        leasesLost.sum(),
        ranMillis.sum());
  }

  /** The requests to the queues. */
  Requests requests() {
    return requests;
  }

  @Override
  public void requested(Request request, int messages, long bytes) {
    requests.count(request, messages, bytes);
  }

  @Override
  public void received(int messages) {
    received.add(messages);
  }

  @Override
  public void ran(String jobId, Duration took) {
    ranMillis.add(took.toMillis());
  }

  @Override
  public void succeeded(String jobId) {
    succeeded.increment();
  }

  @Override
  public void willRetry(JobFailure failure, Duration delay) {
    retried.increment();
  }

  @Override
  public void deadLettered(JobFailure failure) {
    deadLettered.increment();
  }

  @Override
  public void gaveBack(String jobId, String reason) {
    givenBack.increment();
  }

  @Override
  public void leaseLost(String jobId) {
    leasesLost.increment();
  }
}
