package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Bill;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Takes what happens to jobs and gives it out as one {@link Snapshot}. */
public final class WorkerStats implements Consumer<WorkEvent> {
  private final int slots;
  private final Counters counters;
  private final CostLog costs;
  private final Outage outage;
  private final MonotonicClock clock;
  private final Instant startedAt;
  private final long started;
  private volatile @Nullable String executorUnavailable;

  /** A worker that starts now. */
  public WorkerStats(
      int slots,
      Counters counters,
      CostLog costs,
      Outage outage,
      MonotonicClock clock,
      InstantSource wallClock) {
    this.slots = slots;
    this.counters = counters;
    this.costs = costs;
    this.outage = outage;
    this.clock = clock;
    this.startedAt = wallClock.instant();
    this.started = clock.nanoTime();
  }

  @Override
  public void accept(WorkEvent event) {
    counters.accept(event);
    switch (event) {
      case WorkEvent.ExecutorUnavailable unavailable -> executorUnavailable = unavailable.why();
      case WorkEvent.ExecutorAvailable _ -> executorUnavailable = null;
      default -> {}
    }
  }

  /**
   * What there is at this moment.
   *
   * @param load null until the worker takes jobs
   * @param drainLeft how long a drain may still take, or null if none is under way
   */
  public Snapshot snapshot(Snapshot.@Nullable Load load, @Nullable Duration drainLeft) {
    Duration uptime = Duration.ofNanos(clock.nanoTime() - started);
    return new Snapshot(
        slots,
        load,
        counters.now(),
        new Snapshot.Trouble(outage.first(), executorUnavailable),
        new Snapshot.Life(startedAt, uptime, drainLeft),
        () -> bill(uptime));
  }

  private Bill bill(Duration uptime) {
    return costs.bill(uptime);
  }
}
