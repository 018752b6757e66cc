package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.stats.LastFailures.After;
import com.amazonaws.jobprocessor.work.Load;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Requested;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Takes what happens to jobs and gives it out as one {@link Snapshot}. */
public final class WorkerStats implements Consumer<WorkEvent> {
  private static final int STUCK_FACTOR = 3;

  private final Snapshot.Who who;
  private final Slots slots;
  private final Sources sources;
  private final MonotonicClock clock;
  private final InstantSource wallClock;
  private final Instant startedAt;
  private final long started;
  private final OldestSeen oldest = new OldestSeen();
  private final MeanJobs meanJobs = new MeanJobs();
  private final Histogram waits;
  private final Sampler sampler;
  private long formerBusyNanos;
  private Load.@Nullable Busy lastBusy;

  /**
   * The room for jobs.
   *
   * @param count how many can run at the same time
   * @param expectedTime of a job: {@code expected_job_execution_time_in_secs}
   */
  public record Slots(int count, Duration expectedTime) {}

  /**
   * How far a drain is.
   *
   * @param left how long it may still take, or null if none is under way
   * @param reason what one under way is for, or null if it is for a stop
   * @param over why the worker has been drained and takes no jobs, or null
   */
  public record Drain(@Nullable Duration left, @Nullable String reason, @Nullable String over) {
    /** None is under way, and none has been. */
    public static final Drain NONE = new Drain(null, null, null);

    private boolean isOn() {
      return left != null || over != null;
    }
  }

  /** What else is known of a worker. */
  public record Sources(
      Counters counters,
      CostLog costs,
      Outage outage,
      StuckWatch stuckWatch,
      QueueDepths queues,
      SeenBoxes boxes,
      LastFailures failures,
      Problems problems) {}

  /** A worker that starts now. */
  public WorkerStats(
      Snapshot.Who who,
      Slots slots,
      Sources sources,
      MonotonicClock clock,
      InstantSource wallClock) {
    this.who = who;
    this.slots = slots;
    this.sources = sources;
    this.clock = clock;
    this.wallClock = wallClock;
    this.startedAt = wallClock.instant();
    this.started = clock.nanoTime();
    this.waits = new Histogram(wallClock);
    this.sampler = new Sampler(started);
  }

  @Override
  public void accept(WorkEvent event) {
    sources.counters().accept(event);
    switch (event) {
      case WorkEvent.Ran ran -> waited(ran);
      case WorkEvent.Received received -> received(received);
      case WorkEvent.Unpacked unpacked -> meanJobs.add(unpacked.messages(), unpacked.jobs());
      case Requested requested -> requested(requested);
      case WorkEvent.Retried retried ->
          sources.failures().add(retried.failure(), After.RETRIED, wallClock.instant());
      case WorkEvent.DeadLettered dead ->
          sources.failures().add(dead.failure(), After.DEAD_LETTERED, wallClock.instant());
      case WorkEvent.DeadLetterRefused refused ->
          sources.failures().add(refused.failure(), After.LETTER_REFUSED, wallClock.instant());
      default -> {}
    }
  }

  private void waited(WorkEvent.Ran ran) {
    Long sentAt = ran.sentAtMillis();
    if (sentAt != null) {
      Instant begin = wallClock.instant().minus(ran.took());
      waits.add(Duration.between(Instant.ofEpochMilli(sentAt), begin), ran.jobId());
    }
  }

  private void received(WorkEvent.Received received) {
    Long sentAt = received.oldestSentAtMillis();
    if (sentAt != null) {
      oldest.received(sentAt, wallClock.instant());
    }
  }

  private void requested(Requested requested) {
    if (requested.request() == Request.RECEIVE
        && requested.answered()
        && requested.messages() == 0) {
      oldest.nothing();
    }
  }

  /** Age of the oldest message received lately; null if the last receive brought none. */
  public @Nullable Duration oldest() {
    Snapshot.Oldest seen = oldest.at(wallClock.instant());
    return seen == null ? null : seen.age();
  }

  /** Looks every ten seconds at what has been counted; for a thread of its own, until a stop. */
  public void sample(Supplier<Snapshot> snapshots) throws InterruptedException {
    while (true) {
      clock.sleep(Sampler.STEP.toNanos());
      sample(snapshots.get().slots().busyTime());
    }
  }

  void sample(Duration busyTime) {
    sampler.add(sums(busyTime.toNanos()));
    sampler.add(clock.nanoTime(), sources.counters().runs(), waits.now());
  }

  private Sampler.Sums sums(long busyNanos) {
    Counts counts = sources.counters().now();
    return new Sampler.Sums(
        clock.nanoTime(),
        counts.jobs(),
        counts.of(Count.RETRIED) + counts.of(Count.DEAD_LETTERED),
        busyNanos,
        counts.of(Count.POLL_RATE_NANOS));
  }

  /**
   * What there is at this moment.
   *
   * @param has what the worker has to do; null until it takes jobs
   * @param drain how far a drain is
   */
  public Snapshot snapshot(@Nullable Load has, Drain drain) {
    Sampler.Sums now = sums(busyNanos(has));
    Sampler.Sums minute = sampler.lastMinute(now);
    double busyShare = share(minute.busyNanos(), minute.at());
    Snapshot.Measured runs = sampler.runs(sources.counters().runs());
    Snapshot.Load load = load(has, runs.lastHour());
    Duration uptime = Duration.ofNanos(now.at() - started);
    Instant at = wallClock.instant();
    // Whoever receives no more does not know it any more.
    Snapshot.Oldest oldestSeen = drain.isOn() ? null : oldest.at(at);
    List<Outage.Failing> failing = sources.outage().all();
    String unavailable = has == null ? null : has.unavailable();
    Snapshot.Queues queues =
        sources.queues().now(oldestSeen, meanJobs.now(), sources.boxes().now());
    Limit.Moment moment =
        new Limit.Moment(
            load != null,
            drain.isOn(),
            Limit.Calls.of(failing),
            unavailable,
            Limit.Backlog.of(oldestSeen == null, queues.backlog().reading()));
    Limit limit =
        Limit.of(
            moment, busyShare, Duration.ofNanos(minute.heldNanos()), Duration.ofNanos(minute.at()));
    return new Snapshot(
        at,
        who,
        new Snapshot.Life(startedAt, uptime, drain.left(), drain.reason(), drain.over()),
        new Snapshot.Slots(slots.count(), load, busyShare, Duration.ofNanos(now.busyNanos())),
        queues,
        new Snapshot.Jobs(
            sources.counters().now(),
            runs.with(sources.counters()::exemplars),
            sampler.waits(waits.now()).with(waits::exemplars),
            sampler.history()),
        new Snapshot.Trouble(
            failing,
            unavailable,
            limit,
            sources.failures().now(),
            sources.problems().now(),
            stuck()),
        () -> sources.costs().spending(uptime, share(now.busyNanos(), uptime.toNanos())));
  }

  /**
   * A worker that follows another begins to count anew. Of two snapshots that are made side by
   * side, the one that has looked first may come here last: what it has seen is out of date.
   */
  private synchronized long busyNanos(@Nullable Load has) {
    Load.Busy last = lastBusy;
    if (has != null) {
      Load.Busy busy = has.busy();
      if (last == null || busy.since() - last.since() > 0) {
        formerBusyNanos += last == null ? 0 : last.nanos();
        lastBusy = busy;
      } else if (busy.since() == last.since() && busy.nanos() > last.nanos()) {
        lastBusy = busy;
      }
    }
    return formerBusyNanos + (lastBusy == null ? 0 : lastBusy.nanos());
  }

  private double share(long busyNanos, long of) {
    return of <= 0 ? 0 : Math.clamp((double) busyNanos / ((double) slots.count() * of), 0, 1);
  }

  private Snapshot.@Nullable Load load(@Nullable Load has, Times runs) {
    if (has == null) {
      return null;
    }
    Duration limit = runs.p99().multipliedBy(STUCK_FACTOR);
    Duration patience = limit.compareTo(slots.expectedTime()) > 0 ? limit : slots.expectedTime();
    List<Snapshot.Running> jobs =
        has.jobs().stream()
            .map(
                job ->
                    new Snapshot.Running(
                        job.id(),
                        job.attempt(),
                        job.age(),
                        job.renewals(),
                        job.age().compareTo(patience) > 0))
            .toList();
    return new Snapshot.Load(jobs, has.inFlight(), has.calls(), Duration.ZERO);
  }

  private List<Snapshot.Stuck> stuck() {
    return sources.stuckWatch().stuck().stream()
        .map(step -> new Snapshot.Stuck(step.what(), step.lasts()))
        .toList();
  }
}
