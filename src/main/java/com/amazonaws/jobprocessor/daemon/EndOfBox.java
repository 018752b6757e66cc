package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.Ec2OwnTag;
import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.aws.ImdsNotices;
import com.amazonaws.jobprocessor.aws.InstanceMetadata;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.fleet.BoxEnd;
import com.amazonaws.jobprocessor.fleet.BusyProtection;
import com.amazonaws.jobprocessor.fleet.IdleEnd;
import com.amazonaws.jobprocessor.fleet.IdlePolls;
import com.amazonaws.jobprocessor.fleet.IdleWatch;
import com.amazonaws.jobprocessor.fleet.NoticeWatch;
import com.amazonaws.jobprocessor.fleet.OwnBox;
import com.amazonaws.jobprocessor.fleet.Said;
import com.amazonaws.jobprocessor.fleet.SelfTagging;
import com.amazonaws.jobprocessor.machine.Box;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.systemd.Systemd;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Wires what watches over the end of this box; nothing of it runs before the worker takes jobs. */
final class EndOfBox implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(JobProcessor.class);

  /** Shorter than the five seconds between two looks. */
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(2);

  /** How long the process stays at its end for Auto Scaling to hear of it. */
  private static final Duration LAST_CALLS = Duration.ofSeconds(5);

  /** An exit status that the unit takes for success, and after which it does not start again. */
  private static final int IDLE_UNDER_SYSTEMD = 79;

  private final Prepared prepared;
  private final AwsClients clients;
  private final WorkThreads threads;
  private final MonotonicClock clock;
  private final Problems problems;
  private final Settings.BoxEnd settings;
  private final @Nullable IdleWatch idle;
  private @Nullable InstanceMetadata metadata;
  private volatile @Nullable BoxEnd boxEnd;
  private volatile @Nullable BusyProtection protection;

  /**
   * Watches nothing yet.
   *
   * @param clock the worker's, by which it drains
   * @param problems where rights that are missing stay to be seen
   */
  EndOfBox(
      Prepared prepared,
      AwsClients clients,
      WorkThreads threads,
      MonotonicClock clock,
      Problems problems) {
    this.problems = problems;
    this.clock = clock;
    this.prepared = prepared;
    this.clients = clients;
    this.threads = threads;
    this.settings = prepared.settings().operation().boxEnd();
    Duration after = settings.idleShutdownAfter();
    this.idle = after == null ? null : new IdleWatch(after, System::nanoTime);
  }

  /** The backlog, as it is to be received from. */
  Backlog watched(Backlog backlog) {
    return idle == null ? backlog : new IdlePolls(backlog, idle);
  }

  /**
   * Has the worker take jobs, unless this box is in a warm pool: then it does when Auto Scaling
   * puts the box in service.
   */
  void begin(WorkerLife worker, WorkerLife.Maker maker) throws StartRefused, InterruptedException {
    String state = warmPool();
    if (state != null) {
      worker.beginDrained(BoxEnd.warmPool(state), maker);
    } else {
      worker.begin(maker);
    }
  }

  /** The state for which this box waited when the process began; null if it was in service. */
  private @Nullable String warmPool() {
    String state = prepared.box().targetState();
    return state != null && NoticeWatch.isWarm(state) ? state : null;
  }

  /**
   * Begins to watch: the worker takes jobs.
   *
   * @param exit asks for the end of this process, with an exit status
   */
  void start(WorkerLife worker, IntConsumer exit) {
    Box box = prepared.box();
    if (box.ec2()) {
      threads.startVirtual("notices", () -> watchInstance(worker));
    } else {
      startIdleEnd(
          worker,
          () -> {
            log.atInfo().addKeyValue("idle_secs", idleSecs()).log("idle: ending");
            exit.accept(idleStatus());
            return null;
          });
      if (settings.protectWhileBusy()) {
        log.warn("protect_while_busy has no effect: this is no EC2 instance");
      }
    }
  }

  private long idleSecs() {
    Duration after = settings.idleShutdownAfter();
    return after == null ? 0 : after.toSeconds();
  }

  private static int idleStatus() {
    return Systemd.hasStarted(System.getenv(), ProcessHandle.current().pid())
        ? IDLE_UNDER_SYSTEMD
        : 0;
  }

  private void watchInstance(WorkerLife worker) throws InterruptedException {
    InstanceMetadata service = metadata();
    ImdsNotices notices = new ImdsNotices(service);
    OwnBox own = ownBox(service);
    Said said = new Said(new MissingRights(problems, InstantSource.system()));
    threads.startVirtual("self-tag", selfTagging(service)::run);
    BoxEnd end =
        new BoxEnd(
            new BoxEnd.Plan(prepared.settings().drainTimeout(), settings.drainOnRebalance()),
            worker,
            new BoxEnd.Means(own, notices, said),
            clock,
            threads);
    boolean waits = warmPool() != null;
    if (waits) {
      end.beginsInWarmPool();
    }
    boxEnd = end;
    startIdleEnd(worker, end::endIdle);
    if (settings.protectWhileBusy()) {
      BusyProtection busy = new BusyProtection(own, worker, System::nanoTime, said);
      protection = busy;
      threads.startVirtual("scale-in-protection", busy::run);
    }
    new NoticeWatch(notices, end, waits, clock, InstantSource.system()).run();
  }

  private synchronized InstanceMetadata metadata() {
    InstanceMetadata service = new InstanceMetadata(prepared.box().metadata(), LONGEST_ANSWER);
    metadata = service;
    return service;
  }

  private SelfTagging selfTagging(InstanceMetadata service) {
    return new SelfTagging(
        prepared.settings().queues().backlog(),
        new Ec2OwnTag(
            prepared.region(),
            clients.transport().credentials(),
            service,
            prepared.box().workerId(),
            System.getenv()),
        System::nanoTime);
  }

  private OwnBox ownBox(InstanceMetadata service) {
    try {
      return FleetJars.ownBox(
          prepared.region(), AwsClients.keys(prepared.settings().keys()), service);
    } catch (IOException e) {
      throw new IllegalStateException(e); // the installation is not whole
    }
  }

  /** Ends this box when it is asked to; null until it watches, and off EC2. */
  @Nullable BoxEnd boxEnd() {
    return boxEnd;
  }

  /**
   * The worker is drained and the process is about to end: nobody else completes the hook, or ends
   * the protection from scale-in.
   */
  void awaitLastCalls() throws InterruptedException {
    long until = System.nanoTime() + LAST_CALLS.toNanos();
    BusyProtection busy = protection;
    Thread release =
        busy == null ? null : threads.startVirtual("scale-in-protection", busy::release);
    BoxEnd end = boxEnd;
    if (end != null) {
      end.awaitHook(LAST_CALLS);
    }
    if (release != null) {
      release.join(Duration.ofNanos(until - System.nanoTime()));
    }
  }

  private void startIdleEnd(WorkerLife worker, IdleEnd.Way way) {
    if (idle != null) {
      idle.busy();
      threads.startVirtual("idle-end", new IdleEnd(idle, worker, way, System::nanoTime)::run);
    }
  }

  @Override
  public synchronized void close() {
    if (metadata != null) {
      metadata.close();
    }
  }
}
