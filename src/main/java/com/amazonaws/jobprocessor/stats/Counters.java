package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.DeadLetterRefused;
import com.amazonaws.jobprocessor.work.call.WorkEvent.DeadLettered;
import com.amazonaws.jobprocessor.work.call.WorkEvent.ExecutorAvailable;
import com.amazonaws.jobprocessor.work.call.WorkEvent.ExecutorUnavailable;
import com.amazonaws.jobprocessor.work.call.WorkEvent.GivenBack;
import com.amazonaws.jobprocessor.work.call.WorkEvent.LeaseLost;
import com.amazonaws.jobprocessor.work.call.WorkEvent.LeaseRenewed;
import com.amazonaws.jobprocessor.work.call.WorkEvent.PollRateWait;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Ran;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Received;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Requested;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Retried;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Succeeded;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Unpacked;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts what happens to jobs, for the summary lines, the page and the estimate of their cost. A
 * few striped additions an event, and no lock.
 */
public final class Counters implements Consumer<WorkEvent> {
  private final LongAdder received = new LongAdder();
  private final LongAdder succeeded = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder deadLettered = new LongAdder();
  private final LongAdder givenBack = new LongAdder();
  private final LongAdder leasesLost = new LongAdder();
  private final LongAdder leasesRenewed = new LongAdder();
  private final LongAdder ranMillis = new LongAdder();
  private final LongAdder pollRateNanos = new LongAdder();
  private final Histogram runs;
  private final Requests requests = new Requests();

  /** Nothing counted; keeps no exemplars. */
  public Counters() {
    this.runs = new Histogram();
  }

  /**
   * Nothing counted; keeps exemplars.
   *
   * @param wallClock dates them
   */
  public Counters(InstantSource wallClock) {
    this.runs = new Histogram(wallClock);
  }

  /** The counts at this moment. */
  public Counts now() {
    return new Counts(
        received.sum(),
        succeeded.sum(),
        retried.sum(),
        deadLettered.sum(),
        givenBack.sum(),
        leasesLost.sum(),
        ranMillis.sum(),
        pollRateNanos.sum());
  }

  /** How often a lease was renewed. */
  long leasesRenewed() {
    return leasesRenewed.sum();
  }

  /** How long attempts took, however they ended. */
  HistogramCounts runs() {
    return runs.now();
  }

  /** Jobs for which the lengths of attempts stand. */
  List<Exemplar> exemplars() {
    return runs.exemplars();
  }

  /** The requests to the queues. */
  public Requests requests() {
    return requests;
  }

  @Override
  public void accept(WorkEvent event) {
    switch (event) {
      case Requested r -> requests.count(r);
      case Received r -> received.add(r.messages());
      case PollRateWait wait -> pollRateNanos.add(wait.waited().toNanos());
      case Ran r -> ran(r);
      case Succeeded _ -> succeeded.increment();
      case Retried _ -> retried.increment();
      case DeadLettered _ -> deadLettered.increment();
      case GivenBack _ -> givenBack.increment();
      case LeaseLost _ -> leasesLost.increment();
      case LeaseRenewed _ -> leasesRenewed.increment();
      case Unpacked _, DeadLetterRefused _, ExecutorUnavailable _, ExecutorAvailable _ -> {}
    }
  }

  private void ran(Ran r) {
    runs.add(r.took(), r.jobId());
    if (r.returned()) {
      ranMillis.add(r.took().toMillis());
    }
  }
}
