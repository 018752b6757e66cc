package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.JobExecutor;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The parts of a worker around queues in memory; a test uses those that it needs. */
final class Rig {
  final MonotonicClock clock;
  final InMemoryQueue backlog;
  final InMemoryQueue results;
  final InMemoryQueue deadLetters;
  final WorkSettings settings;
  final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  final WorkThreads threads = new WorkThreads(fatal::add);
  final Outage outage;
  final Vitals vitals;
  final InHand inHand;
  final Groups groups = new Groups();
  final Suspects suspects;
  final @Nullable InMemoryLedger ledger;
  final @Nullable Claims claims;
  final InMemoryPayloads payloads = new InMemoryPayloads("payloads");
  final @Nullable PayloadStore store;
  final Settlement settlement;
  final Arrivals arrivals;
  final Recorder recorder = new Recorder();

  /** What the listener heard, in its order. */
  static final class Recorder implements WorkListener {
    final List<String> events = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void succeeded(String jobId) {
      events.add("succeeded " + jobId);
    }

    @Override
    public void willRetry(JobFailure failure, Duration delay) {
      events.add("retry " + failure.attempt() + " " + failure.type());
    }

    @Override
    public void deadLettered(JobFailure failure) {
      events.add("dead " + failure.attempt() + " " + failure.type());
    }

    @Override
    public void deadLetterRefused(JobFailure failure, String queue, String reason, Duration delay) {
      events.add("refused " + failure.jobId() + " " + delay.toSeconds() + " " + reason);
    }

    @Override
    public void gaveBack(String jobId, String reason) {
      events.add("back " + reason);
    }

    @Override
    public void leaseLost(String jobId) {
      events.add("lost " + jobId);
    }
  }

  Rig(
      MonotonicClock clock,
      Path folder,
      int slots,
      Duration firstLease,
      int retries,
      @Nullable Duration timeout) {
    this(clock, folder, slots, firstLease, retries, timeout, null, true);
  }

  /** As above, with a job table, or without a payload bucket. */
  Rig(
      MonotonicClock clock,
      Path folder,
      int slots,
      Duration firstLease,
      int retries,
      @Nullable Duration timeout,
      @Nullable InMemoryLedger ledger,
      boolean bucket) {
    this.clock = clock;
    this.backlog = new InMemoryQueue("todo", clock);
    this.results = new InMemoryQueue("done", clock);
    this.deadLetters = new InMemoryQueue("dead", clock);
    this.settings =
        new WorkSettings(
            "i-1",
            slots,
            1_000_000,
            Duration.ofSeconds(1),
            firstLease,
            retries,
            Duration.ZERO,
            timeout,
            folder,
            1L << 30,
            bucket);
    this.outage = new Outage(clock);
    this.vitals = new Vitals(clock);
    this.ledger = ledger;
    this.store = bucket ? new PayloadStore(payloads, clock, outage, threads) : null;
    this.claims =
        ledger == null
            ? null
            : new Claims(ledger, store, 1L << 27, firstLease, clock, outage, threads);
    this.inHand = new InHand(slots, 1L << 30, settings.ahead(), clock);
    this.suspects = new Suspects(folder, "todo", retries + 1);
    this.settlement =
        new Settlement(
            new Settlement.Parts(
                claims,
                store,
                backlog,
                results,
                deadLetters,
                new Letters("i-1", text -> text),
                new RetryPolicy(retries, Duration.ZERO),
                inHand,
                groups,
                suspects,
                clock,
                outage,
                threads,
                recorder,
                firstLease,
                vitals));
    this.arrivals =
        new Arrivals(
            settings,
            inHand,
            groups,
            settlement,
            suspects,
            claims,
            threads,
            clock,
            recorder,
            vitals);
  }

  LeaseKeeper keeper(Runnable onStuckJob) {
    return new LeaseKeeper(
        inHand,
        groups,
        settlement,
        clock,
        Duration.ofMillis(2_500),
        settings.timeout(),
        onStuckJob,
        vitals);
  }

  JobRun jobRun(JobExecutor executor) {
    return new JobRun(
        executor,
        new Definitions(store, 1L << 28, clock),
        inHand,
        settlement,
        suspects,
        clock,
        recorder,
        vitals);
  }

  /** A whole worker around the same queues; it has parts of its own. */
  Worker worker(JobExecutor executor) {
    return worker(executor, backlog, new Worker.Stores(ledger, store == null ? null : payloads));
  }

  /** As above, with other ports in the place of the backlog and the stores. */
  Worker worker(JobExecutor executor, Backlog todo, Worker.Stores stores) {
    return new Worker(
        settings,
        new Worker.Queues(todo, results, deadLetters),
        stores,
        executor,
        getClass().getClassLoader(),
        new Worker.Surroundings(clock, outage, threads, recorder, text -> text, () -> {}, vitals));
  }

  /** The next job in line, of which there must be one. */
  InHand.Next take() throws InterruptedException {
    return Objects.requireNonNull(inHand.take());
  }

  /** Receives so many messages and takes them in hand. */
  void receive(int messages) throws Exception {
    long sentAt = clock.nanoTime();
    arrivals.accept(backlog.receive(messages, Duration.ofMillis(1), settings.firstLease()), sentAt);
  }
}
