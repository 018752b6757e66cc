package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.logging.Journal;
import com.amazonaws.jobprocessor.logging.LogLayout;
import com.amazonaws.jobprocessor.plugin.RunningJobs;
import com.amazonaws.jobprocessor.stats.PatientSnapshots;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Summary;
import com.amazonaws.jobprocessor.stats.WorkerStats;
import com.amazonaws.jobprocessor.systemd.Status;
import com.amazonaws.jobprocessor.systemd.StatusLine;
import com.amazonaws.jobprocessor.work.Worker;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.job.Job;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The daemon's one lifecycle: built, then started, then stopped; for {@code main} and for
 * commons-daemon alike.
 */
final class JobProcessor {
  private static final Logger log = LoggerFactory.getLogger(JobProcessor.class);
  private static final Duration FIRST_JOBS = Duration.ofMillis(500);

  /** How long the last line of a worker that dies may take to be written: it is what tells why. */
  static final Duration LAST_LINE = Duration.ofSeconds(3);

  /** For how long a start is to have the machine for itself. */
  private static final Duration STATUS_WAITS = Duration.ofSeconds(2);

  private enum State {
    NEW,
    STARTED,
    STOPPING,
    STOPPED
  }

  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final AtomicInteger status = new AtomicInteger();
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final CountDownLatch takesJobs = new CountDownLatch(1);
  private final Wiring wiring;
  private final PatientSnapshots snapshots;
  private final @Nullable StatusService statusService;
  private final Summary summary;
  private final Duration drainTimeout;

  private volatile @Nullable Thread starter;
  private final WorkerLife life;
  private volatile long drainUntil;

  /**
   * Wires everything; starts no thread and makes no call.
   *
   * @throws StartRefused if the environment keeps clients of AWS from being made
   */
  JobProcessor(Prepared prepared) throws StartRefused {
    LastLine.prepare();
    AwsClients clients = AwsClients.of(prepared.settings(), prepared.region());
    wiring = new Wiring(prepared, clients, new WorkThreads(JobProcessor::die));
    life = new WorkerLife(wiring.jobLog()::stopping, this::refused, wiring.clock());
    snapshots = // takes the first at once
        new PatientSnapshots(
            this::snapshot,
            question -> wiring.threads().startVirtual("snapshot", question::run),
            System::nanoTime);
    statusService = wiring.statusService(snapshots);
    summary = wiring.summary();
    drainTimeout = prepared.settings().drainTimeout();
  }

  /** Starts to work in the background; AWS may be away. Does nothing after a stop. */
  void start() {
    synchronized (state) { // a stop that comes now waits for the thread
      if (state.compareAndSet(State.NEW, State.STARTED)) {
        starter = Thread.ofPlatform().name("starter").start(this::findQueuesAndWork);
        wiring.threads().startVirtual("summary", summary::run);
        if (statusService != null) {
          wiring.threads().startVirtual("status", () -> serveStatus(statusService));
        }
      }
    }
  }

  /** After the first receive, which it would hold up; but the page is there while AWS is away. */
  private void serveStatus(StatusService service) throws InterruptedException {
    boolean _ = takesJobs.await(STATUS_WAITS.toNanos(), TimeUnit.NANOSECONDS);
    service.start();
    wiring.stats().sample(snapshots);
  }

  private void findQueuesAndWork() {
    try {
      QueueSetup setup = wiring.queueSetup();
      QueueSetup.Found queues = setup.run();
      wiring.endOfBox().begin(life, () -> wiring.worker(queues, this::onStuckJob));
      wiring.startLog().begun(life);
      takesJobs.countDown();
      Thread.sleep(FIRST_JOBS); // they want the cores now, all else can wait
      wiring.endOfBox().start(life, this::requestStop);
      if (statusService != null) {
        wiring.watchQueues(queues);
      }
      wiring.startHousekeeping();
      wiring.startLog().warn(setup, queues); // an answer may take minutes: a notice has two
      wiring.carriers().takeAllCoresWhenWarm();
    } catch (StartRefused e) {
      refused(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stopped while waiting
    } catch (Throwable t) {
      die(t);
    }
  }

  private void refused(StartRefused e) {
    Journal.ours().printRefusal(e.lines());
    requestStop(e.status());
  }

  private void onStuckJob(Job job) {
    if (life.isDraining()) {
      return; // drained for a notice, the process stays: another would be started on this box
    }
    if (stopRequested.getCount() > 0) {
      log.atError()
          .addKeyValue("job_id", job.id())
          .addKeyValue("running", wiring.runningJobs())
          .log(
              "a job did not end within 30 s of its interrupt: draining the other slots, then ending with 1");
    }
    requestStop(1);
  }

  /**
   * Asks for a stop, which somebody carries out by {@link #stop()}; the first status given is the
   * process's.
   */
  void requestStop(int exitStatus) {
    if (stopRequested.getCount() > 0) {
      status.compareAndSet(0, exitStatus);
      drainUntil = System.nanoTime() + drainTimeout.toNanos();
      stopRequested.countDown();
    }
  }

  /** What the worker does, and what of it is stuck. */
  Status status() {
    Snapshot now = snapshot();
    String drained = now.life().drained();
    boolean stops = stopRequested.getCount() == 0;
    return new Status(
        drained == null ? StatusLine.of(now) : "drained, takes no jobs: " + drained,
        wiring.stuckWatch().stuck(),
        false,
        // A drain for a notice is no stop, for which systemd would have to wait longer.
        stops ? now.life().drainLeft() : null);
  }

  /**
   * What the worker does and has done. Takes the worker's locks: if one of them hangs, so does
   * this.
   */
  Snapshot snapshot() {
    boolean stops = stopRequested.getCount() == 0;
    String drained = stops ? null : life.whyDrained();
    Duration drainLeft = drained == null ? life.drainLeft() : null;
    if (drainLeft == null && stops) {
      drainLeft = Duration.ofNanos(drainUntil - System.nanoTime());
    }
    String reason = drainLeft == null || stops ? null : life.drainReason();
    Worker running = life.worker();
    return wiring
        .stats()
        .snapshot(
            running == null ? null : running.load(),
            new WorkerStats.Drain(drainLeft, reason, drained));
  }

  /** The text without secrets, on one line. */
  String toOneLine(String text) {
    return LogLayout.oneLine(wiring.redact(text));
  }

  /** The jobs that run, for a log line that can name them. */
  RunningJobs runningJobs() {
    return wiring.runningJobs();
  }

  /** Waits until a stop is asked for. */
  void awaitStopRequest() throws InterruptedException {
    stopRequested.await();
  }

  /**
   * Drains the worker; safe to be called twice, and before the start.
   *
   * @return the exit status of the process
   */
  int stop() throws InterruptedException {
    requestStop(0);
    State before;
    synchronized (state) {
      before = state.getAndUpdate(s -> s == State.STOPPED ? s : State.STOPPING);
    }
    if (before == State.STOPPING || before == State.STOPPED) {
      stopped.await();
      return status.get();
    }
    try {
      if (before == State.STARTED) {
        drain();
      }
    } finally {
      wiring.close();
      if (statusService != null) {
        statusService.close();
      }
      state.set(State.STOPPED);
      stopped.countDown();
    }
    return status.get();
  }

  private void drain() throws InterruptedException {
    Thread starting = starter;
    if (starting != null) {
      starting.interrupt();
      starting.join();
    }
    boolean works = life.worker() != null;
    if (works) {
      log.atInfo().addKeyValue("drain_timeout_secs", drainTimeout.toSeconds()).log("stopping");
    }
    life.stop(drainTimeout); // in a warm pool, too: no worker is to begin any more
    wiring.endOfBox().awaitLastCalls();
    summary.end(works);
  }

  /** A thread of ours met what it cannot handle: a worker that is half dead is worse than none. */
  static void die(Throwable t) {
    try {
      LastLine.say(() -> log.error("internal error; the process ends with 1", t), LAST_LINE, 1);
    } catch (OutOfMemoryError e) {
      LastLine.sayWithoutMemory();
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }
}
