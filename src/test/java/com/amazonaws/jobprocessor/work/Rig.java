package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.InMemoryJobTable;
import com.amazonaws.jobprocessor.port.InMemoryPayloads;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A worker around queues in memory. Its parts are moved by the test, one by one; {@link #worker}
 * makes others, to be started as a whole.
 */
final class Rig {
  static final ThrownText WORDS = new ThrownText(text -> text, "com.example.Executor", Traces.NONE);

  final MonotonicClock clock;
  final InMemoryQueue backlog;
  final InMemoryQueue results;
  final InMemoryQueue deadLetters;
  final InMemoryPayloads payloads = new InMemoryPayloads("payloads");
  final List<Throwable> fatal = Collections.synchronizedList(new ArrayList<>());
  final List<String> stuckJobs = Collections.synchronizedList(new ArrayList<>());
  final WorkThreads threads = new WorkThreads(fatal::add);
  final Recorder recorder = new Recorder();
  final WorkSettings settings;
  final Worker.Ports ports;
  final Outage outage;
  final StuckWatch watch;
  final WorkerRuntime runtime;
  final Worker worker;
  final Room room;

  /** What was told, in its order. */
  static final class Recorder implements Consumer<WorkEvent> {
    final List<String> events = Collections.synchronizedList(new ArrayList<>());
    final List<WorkEvent> all = Collections.synchronizedList(new ArrayList<>());

    @Override
    public void accept(WorkEvent event) {
      all.add(event);
      switch (event) {
        case WorkEvent.Succeeded e -> events.add("succeeded " + e.jobId());
        case WorkEvent.Retried e ->
            events.add("retry " + e.failure().attempt() + " " + e.failure().type());
        case WorkEvent.DeadLettered e ->
            events.add("dead " + e.failure().attempt() + " " + e.failure().type());
        case WorkEvent.GivenBack e -> events.add("back " + e.reason());
        case WorkEvent.LeaseLost e -> events.add("lost " + e.jobId());
        case WorkEvent.DeadLetterRefused e -> events.add("refused " + e.code());
        case WorkEvent.ExecutorUnavailable e -> events.add("unavailable " + e.why());
        case WorkEvent.ExecutorAvailable _ -> events.add("available");
        default -> {}
      }
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
      @Nullable InMemoryJobTable table,
      boolean bucket) {
    this.clock = clock;
    this.backlog = new InMemoryQueue("todo", clock);
    this.results = new InMemoryQueue("done", clock);
    this.deadLetters = new InMemoryQueue("dead", clock);
    this.settings =
        new WorkSettings(
            slots,
            // Long polls that came back as soon as those of the queue in memory would be a problem.
            new WorkSettings.Polling(1_000_000, Duration.ZERO, firstLease),
            new WorkSettings.Attempts(new RetryPolicy(retries, Duration.ZERO), timeout),
            new WorkSettings.Host("i-1", folder, 1L << 30));
    this.ports =
        new Worker.Ports(
            backlog,
            backlog,
            results,
            deadLetters,
            table == null ? JobTable.NONE : table,
            bucket ? payloads : Payloads.NONE);
    this.outage = new Outage(clock);
    this.watch = new StuckWatch(clock);
    this.runtime = new WorkerRuntime(clock, threads, outage, recorder);
    this.worker = worker(job -> job);
    this.room = worker.room;
  }

  /** A whole worker around the same queues; it has parts of its own. */
  Worker worker(JobExecutor executor) {
    return worker(executor, ports);
  }

  /** As above, with other ports. */
  Worker worker(JobExecutor executor, Worker.Ports others) {
    return worker(executor, others, settings.host());
  }

  /** As above, in another process. */
  Worker worker(JobExecutor executor, Worker.Ports others, WorkSettings.Host host) {
    return new Worker(
        new WorkSettings(settings.slots(), settings.polling(), settings.attempts(), host),
        others,
        new Worker.Executor(executor, "com.example.Executor", getClass().getClassLoader()),
        runtime,
        new Worker.Hooks(text -> text, Traces.NONE, job -> stuckJobs.add(job.id()), watch));
  }

  /** The same ports with another backlog. */
  Worker.Ports with(Backlog other) {
    return new Worker.Ports(
        other,
        ports.remainders(),
        ports.results(),
        ports.deadLetters(),
        ports.jobTable(),
        ports.payloads());
  }

  /** The same ports with another job table. */
  Worker.Ports with(JobTable other) {
    return new Worker.Ports(
        ports.backlog(),
        ports.remainders(),
        ports.results(),
        ports.deadLetters(),
        other,
        ports.payloads());
  }

  /** The same ports with another payload bucket. */
  Worker.Ports with(Payloads other) {
    return new Worker.Ports(
        ports.backlog(),
        ports.remainders(),
        ports.results(),
        ports.deadLetters(),
        ports.jobTable(),
        other);
  }

  /** Nothing lingers from now on: with a settable clock at rest no linger would end. */
  Rig hurry() {
    worker.messageEnd.hurry();
    return this;
  }

  /** Receives so many messages and takes them in hand. */
  void receive(int messages) throws Exception {
    long sentAt = clock.nanoTime();
    Duration lease = settings.polling().firstLease();
    accept(backlog.receive(messages, Duration.ofMillis(1), lease), sentAt);
  }

  /** Takes in hand what a receive, sent at the given moment, has brought. */
  void accept(List<Delivery> deliveries, long sentAt) {
    worker.handler.accept(deliveries, sentAt, settings.polling().firstLease());
  }

  /** Waits for the next job in line, and takes it as a slot does; fails if none comes. */
  SlotRun take() {
    CountDownLatch taken = new CountDownLatch(1);
    threads.startVirtual(
        "patience",
        () -> {
          if (!taken.await(20, TimeUnit.SECONDS)) {
            room.slots().close(); // a slot heeds no interrupt
          }
        });
    try {
      return Objects.requireNonNull(room.slots().take(), "no job came");
    } finally {
      taken.countDown();
    }
  }

  /** Puts a job into the backlog, receives it, and takes it as a slot does. */
  SlotRun take(String body) throws Exception {
    backlog.put(body);
    receive(1);
    return take();
  }

  /** The slot of the job is free, and this is what came of the job. */
  void end(SlotRun run, Outcome outcome) {
    room.slots().returned(run);
    run.end(outcome);
  }

  /** Runs a job as a slot does, on the calling thread. */
  void run(SlotRun run, JobExecutor executor) {
    JobRun jobRun =
        new JobRun(executor, WORDS, room.suspects(), room.health(), worker.runTimes, runtime);
    new Slots(1, room.slots(), jobRun, runtime, getClass().getClassLoader()).run(run);
  }

  /** The only job of the only message in flight. */
  Job job() {
    return message().jobs().getFirst();
  }

  /** The only message in flight. */
  Message message() {
    return room.inFlight().all().getFirst();
  }

  /** For so long a result waits for others that may fill its batch. */
  static final Duration MOMENT = Duration.ofMillis(1);

  /** Waits as well until the last has left its group: what comes before then goes back with it. */
  void awaitNoneInFlight() {
    await().until(() -> room.inFlight().all().isEmpty() && room.groups().isEmpty());
  }

  /** Waits until something holds, and lets the time pass meanwhile, a step a look. */
  static void awaitAsTimePasses(SettableClock clock, Duration step, Callable<Boolean> condition) {
    await()
        .pollInterval(Duration.ofMillis(5))
        .until(
            () -> {
              boolean holds = condition.call();
              if (!holds) {
                clock.advance(step);
              }
              return holds;
            });
  }

  /** What of a kind was told, in its order. */
  <T extends WorkEvent> List<T> told(Class<T> kind) {
    synchronized (recorder.all) {
      return recorder.all.stream().filter(kind::isInstance).map(kind::cast).toList();
    }
  }

  void awaitEvent(String event) {
    await().until(() -> recorder.events.contains(event));
  }
}
