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
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * Counts what happens to jobs, for the summary lines, the page and the estimate of their cost. A
 * few striped additions an event, and no lock.
 */
public final class Counters implements Consumer<WorkEvent> {
  private final Map<Count, LongAdder> counted = new EnumMap<>(Count.class);
  private final Histogram runs;
  private final Requests requests = new Requests();

  /** Nothing counted; keeps no exemplars. */
  public Counters() {
    this(new Histogram());
  }

  /**
   * Nothing counted; keeps exemplars.
   *
   * @param wallClock dates them
   */
  public Counters(InstantSource wallClock) {
    this(new Histogram(wallClock));
  }

  private Counters(Histogram runs) {
    this.runs = runs;
    for (Count count : Count.values()) {
      counted.put(count, new LongAdder());
    }
  }

  /** The counts at this moment. */
  public Counts now() {
    Map<Count, Long> now = new EnumMap<>(Count.class);
    counted.forEach((count, adder) -> now.put(count, adder.sum()));
    return new Counts(now);
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
      case Received r -> add(Count.RECEIVED, r.messages());
      case PollRateWait wait -> add(Count.POLL_RATE_NANOS, wait.waited().toNanos());
      case Ran r -> ran(r);
      case Succeeded _ -> add(Count.SUCCEEDED, 1);
      case Retried _ -> add(Count.RETRIED, 1);
      case DeadLettered _ -> add(Count.DEAD_LETTERED, 1);
      case DeadLetterRefused _ -> add(Count.LETTERS_REFUSED, 1);
      case GivenBack _ -> add(Count.GIVEN_BACK, 1);
      case LeaseLost _ -> add(Count.LEASES_LOST, 1);
      case LeaseRenewed _ -> add(Count.LEASES_RENEWED, 1);
      case Unpacked _, ExecutorUnavailable _, ExecutorAvailable _ -> {}
    }
  }

  private void ran(Ran r) {
    runs.add(r.took(), r.jobId());
    if (r.returned()) {
      add(Count.RAN_MICROS, r.took().toNanos() / 1_000);
    }
  }

  private void add(Count count, long more) {
    Objects.requireNonNull(counted.get(count)).add(more);
  }
}
