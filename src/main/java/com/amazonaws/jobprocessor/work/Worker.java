package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.JobExecutor;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running worker: takes jobs from the backlog until it is drained.
 *
 * <pre>
 * backlog → QueueListener → Arrivals → JobRun → JobExecutor (the user's)
 *           a place a job   claim       └──→ Settlement → results | dead letters | back to the backlog
 *                                            record first
 * </pre>
 */
public final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration LONG_POLL_GRACE = Duration.ofMillis(300);
  private static final Duration CUT_GRACE = Duration.ofSeconds(2);
  private static final Duration GIVE_BACK_GRACE = Duration.ofSeconds(5);
  private static final Duration FLUSH_GRACE = Duration.ofSeconds(10);

  private final MonotonicClock clock;
  private final WorkThreads threads;
  private final InHand inHand;
  private final Groups groups = new Groups();
  private final Settlement settlement;
  private final @Nullable Claims claims;
  private final QueueListener queueListener;
  private final LeaseKeeper leaseKeeper;
  private final Slots slots;
  private final Suspects suspects;

  /** The queues of a worker. */
  public record Queues(Backlog backlog, Outlet results, Outlet deadLetters) {}

  /** Where a worker keeps what does not fit its queues: nothing unless a setting says so. */
  public record Stores(@Nullable Ledger ledger, @Nullable Payloads payloads) {
    /** Neither job table nor payload bucket. */
    public static final Stores NONE = new Stores(null, null);
  }

  /** What a worker is told, and whom it tells. */
  public record Surroundings(
      MonotonicClock clock,
      Outage outage,
      WorkThreads threads,
      WorkListener listener,
      java.util.function.UnaryOperator<String> redact,
      Runnable onStuckJob,
      Vitals vitals) {}

  /**
   * What a worker has to do at one moment.
   *
   * @param running jobs that run
   * @param inHand jobs that are not settled, those that run included
   * @param calls for settled jobs that wait for their turn
   */
  public record Load(int running, int inHand, int calls) {}

  /** Builds a worker; no thread is started. */
  public Worker(
      WorkSettings settings,
      Queues queues,
      Stores stores,
      JobExecutor executor,
      ClassLoader contextLoader,
      Surroundings around) {
    clock = around.clock();
    threads = around.threads();
    Vitals vitals = around.vitals();
    inHand = new InHand(settings.slots(), settings.heapBytes(), settings.ahead(), clock);
    suspects =
        new Suspects(settings.stateFolder(), queues.backlog().name(), settings.retries() + 1);
    PayloadStore payloads =
        stores.payloads() == null
            ? null
            : new PayloadStore(
                new WatchedPayloads(stores.payloads(), vitals), clock, around.outage(), threads);
    claims =
        stores.ledger() == null
            ? null
            : new Claims(
                new WatchedLedger(stores.ledger(), vitals),
                payloads,
                settings.heapBytes() / 8,
                settings.firstLease(),
                clock,
                around.outage(),
                threads);
    settlement =
        new Settlement(
            new Settlement.Parts(
                claims,
                payloads,
                queues.backlog(),
                queues.results(),
                queues.deadLetters(),
                new Letters(settings.workerId(), around.redact()),
                new RetryPolicy(settings.retries(), settings.retryDelay()),
                inHand,
                groups,
                suspects,
                clock,
                around.outage(),
                threads,
                around.listener(),
                settings.firstLease(),
                vitals));
    Arrivals arrivals =
        new Arrivals(
            settings,
            inHand,
            groups,
            settlement,
            suspects,
            claims,
            threads,
            clock,
            around.listener(),
            vitals);
    queueListener =
        new QueueListener(
            settings,
            queues.backlog(),
            inHand,
            arrivals,
            claims,
            clock,
            around.outage(),
            threads,
            vitals);
    leaseKeeper =
        new LeaseKeeper(
            inHand,
            groups,
            settlement,
            clock,
            Durations.times(settings.ahead(), 10),
            settings.timeout(),
            around.onStuckJob(),
            vitals);
    Definitions definitions = new Definitions(payloads, settings.heapBytes() / 4, clock);
    JobRun jobRun =
        new JobRun(
            executor, definitions, inHand, settlement, suspects, clock, around.listener(), vitals);
    slots = new Slots(settings.slots(), inHand, jobRun, threads, contextLoader);
  }

  /** Starts the threads; call once. */
  public void start() {
    threads.startPlatform("lease-keeper", leaseKeeper::run);
    slots.start();
    threads.startPlatform("queue-listener", queueListener::run);
  }

  /**
   * What there is to do. Takes each lock that the loops need: who gets an answer knows that none of
   * them is held for ever.
   */
  public Load load() {
    groups.waiting();
    if (claims != null) {
      claims.nanosAway(clock.nanoTime());
    }
    return new Load(inHand.running(), inHand.all().size(), settlement.waiting());
  }

  /**
   * Ends all work; call once. Leases are kept until the last job is settled.
   *
   * @param patience how long running jobs may go on before they are given back
   */
  public void drain(Duration patience) throws InterruptedException {
    long deadline = clock.nanoTime() + patience.toNanos();
    stopReceiving();
    settlement.hurry();
    awaitRunningJobs(deadline);
    flush(deadline);
    leaseKeeper.stop();
  }

  /** A receive under way would bring back what is given back: that would cost a retry elsewhere. */
  private void stopReceiving() throws InterruptedException {
    queueListener.stop();
    inHand.close(); // before the groups, which let every job pass once they are closed
    List<Job> unstarted = groups.close();
    if (!inHand.awaitNoReceives(LONG_POLL_GRACE.toNanos())) {
      queueListener.cut();
      inHand.awaitNoReceives(CUT_GRACE.toNanos());
    }
    unstarted.addAll(inHand.takeUnstarted());
    unstarted.forEach(this::giveBack);
  }

  private void awaitRunningJobs(long deadline) throws InterruptedException {
    while (hasPatience(deadline) && !inHand.awaitIdleSlots(TimeUnit.MILLISECONDS.toNanos(100))) {
      if (isInVain()) {
        break;
      }
    }
    if (inHand.running() > 0) {
      giveBackRunningJobs();
    }
  }

  private boolean hasPatience(long deadline) {
    return deadline - clock.nanoTime() > 0;
  }

  /** True if every job that runs is stuck, or lost, so that its end is not worth a wait. */
  private boolean isInVain() {
    return inHand.inSlots().stream().allMatch(this::isInVain);
  }

  /** A job that its slot has taken and not begun yet has no attempt, and is worth a wait. */
  private boolean isInVain(Job job) {
    long now = clock.nanoTime();
    Attempt attempt = job.running();
    return attempt != null && (attempt.isStuck(now) || job.lease().isOver(now));
  }

  private void giveBackRunningJobs() throws InterruptedException {
    long now = clock.nanoTime();
    inHand.inSlots().stream()
        .map(Job::running)
        .filter(a -> a != null)
        .forEach(a -> a.stop(Attempt.Stop.GIVE_BACK, now));
    boolean idle = inHand.awaitIdleSlots(GIVE_BACK_GRACE.toNanos());
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    if (!idle) {
      for (Job job : inHand.all()) {
        Attempt attempt = job.running();
        if (attempt != null && attempt.stopped() != null && job.conclude()) {
          log.atWarn()
              .addKeyValue("job_id", job.id())
              .log("a job does not heed its interrupt; it ends with the process");
          if (attempt.stopped() == Attempt.Stop.GIVE_BACK) {
            suspects.giveUp(job); // before others have it
          }
          settlement.settle(job, JobRun.stopped(attempt.stopped()));
        }
      }
    }
  }

  private void giveBack(Job job) {
    if (job.conclude()) {
      settlement.settle(job, Outcome.GivenBack.now("worker stops"));
    }
  }

  private void flush(long deadline) throws InterruptedException {
    long left = Math.max(deadline - clock.nanoTime(), FLUSH_GRACE.toNanos());
    if (!inHand.awaitNone(left)) {
      log.atWarn()
          .addKeyValue("jobs", inHand.all().size())
          .log("stopped with jobs unsettled; SQS delivers them again when their leases are over");
    }
  }
}
