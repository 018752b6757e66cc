package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.WatchedBacklog;
import com.amazonaws.jobprocessor.work.call.WatchedJobTable;
import com.amazonaws.jobprocessor.work.call.WatchedOutputQueue;
import com.amazonaws.jobprocessor.work.call.WatchedPayloads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.ExecutorHealth;
import com.amazonaws.jobprocessor.work.room.Groups;
import com.amazonaws.jobprocessor.work.room.InFlight;
import com.amazonaws.jobprocessor.work.room.PayloadMemory;
import com.amazonaws.jobprocessor.work.room.ReceivePermits;
import com.amazonaws.jobprocessor.work.room.RecentMessages;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.SlotQueue;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.room.Suspects;
import com.amazonaws.jobprocessor.work.settle.Claims;
import com.amazonaws.jobprocessor.work.settle.Deletes;
import com.amazonaws.jobprocessor.work.settle.MessageEnd;
import com.amazonaws.jobprocessor.work.settle.MessageWriter;
import com.amazonaws.jobprocessor.work.settle.Outputs;
import com.amazonaws.jobprocessor.work.settle.PayloadStore;
import com.amazonaws.jobprocessor.work.settle.Settlement;
import com.amazonaws.jobprocessor.work.settle.TableClaims;
import com.amazonaws.jobprocessor.work.settle.Visibility;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One running worker: takes jobs from the backlog until it is drained.
 *
 * <pre>
 * backlog → QueueListener → MessageHandler: claim → Slots → settle → delete
 *           room first      a thread each           the executor     results, dead letters
 * </pre>
 */
public final class Worker {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);
  private static final Duration LONG_POLL_GRACE = Duration.ofMillis(300);
  private static final Duration CUT_GRACE = Duration.ofSeconds(2);
  private static final Duration GIVE_BACK_GRACE = Duration.ofSeconds(5);
  private static final Duration FLUSH_GRACE = Duration.ofSeconds(10);

  private final WorkerRuntime runtime;
  final Room room;
  private final ReceivePermits permits;
  final Claims claims;
  private final Definitions definitions;
  final Settlement settlement;
  final MessageEnd messageEnd;
  final MessageHandler handler;
  private final QueueListener queueListener;
  final LeaseKeeper leaseKeeper;
  final Slots slots;

  /**
   * What a worker works on.
   *
   * @param jobTable {@link JobTable#NONE} if there is none
   * @param payloads {@link Payloads#NONE} if there is no payload bucket
   */
  public record Ports(
      Backlog backlog,
      OutputQueue results,
      OutputQueue deadLetters,
      JobTable jobTable,
      Payloads payloads) {
    /** The same, each of whose calls is a step that is watched. */
    private Ports watched(StuckWatch watch) {
      return new Ports(
          new WatchedBacklog(backlog, watch),
          new WatchedOutputQueue(results, watch),
          new WatchedOutputQueue(deadLetters, watch),
          jobTable.equals(JobTable.NONE) ? jobTable : new WatchedJobTable(jobTable, watch),
          payloads.equals(Payloads.NONE) ? payloads : new WatchedPayloads(payloads, watch));
    }
  }

  /**
   * The user's code.
   *
   * @param contextLoader to be the context class loader of the threads that run it
   */
  public record Executor(JobExecutor executor, ClassLoader contextLoader) {}

  /**
   * What a worker needs of the process that it runs in.
   *
   * @param redact takes secrets out of a text
   * @param onStuckJob is told of jobs that heed no interrupt, perhaps many times
   */
  public record Hooks(UnaryOperator<String> redact, Consumer<Job> onStuckJob, StuckWatch watch) {}

  /** Builds a worker; no thread is started. */
  public Worker(
      WorkSettings settings,
      Ports unwatched,
      Executor executor,
      WorkerRuntime unwatchedRuntime,
      Hooks hooks) {
    WorkerRuntime runtime = unwatchedRuntime.watched(hooks.watch());
    this.runtime = runtime;
    Ports ports = unwatched.watched(hooks.watch());
    Duration firstLease = settings.polling().firstLease();
    long heap = settings.host().heapBytes();
    room = room(settings, ports);
    permits = new ReceivePermits(room, settings.maxMessages());
    PayloadStore store = new PayloadStore(ports.payloads(), runtime);
    claims =
        ports.jobTable().equals(JobTable.NONE)
            ? Claims.NONE
            : new TableClaims(
                ports.jobTable(),
                store,
                new PayloadMemory(heap / 8, runtime.clock()),
                firstLease,
                runtime);
    MessageWriter writer =
        new MessageWriter(settings.host().workerId(), ports.backlog().name(), hooks.redact());
    Outputs outputs =
        new Outputs(writer, ports.results(), ports.deadLetters(), store, room.inFlight(), runtime);
    settlement = new Settlement(claims, outputs, settings.attempts().retries(), room, runtime);
    Visibility visibility = new Visibility(ports.backlog(), runtime);
    Deletes deletes = new Deletes(ports.backlog(), firstLease, runtime);
    messageEnd = new MessageEnd(visibility, deletes, store, runtime);
    definitions = new Definitions(store, new PayloadMemory(heap / 4, runtime.clock()));
    handler = new MessageHandler(room, claims, definitions, settlement, messageEnd, runtime);
    queueListener =
        new QueueListener(
            settings.polling(),
            ports.backlog(),
            permits,
            handler,
            () -> Math.max(claims.nanosAway(), room.health().nanosAway()),
            runtime);
    leaseKeeper = new LeaseKeeper(room, visibility, claims, settings, hooks.onStuckJob(), runtime);
    JobRun jobRun = new JobRun(executor.executor(), room.suspects(), room.health(), runtime);
    slots =
        new Slots(
            settings.slots(), room.slots(), jobRun, runtime.threads(), executor.contextLoader());
  }

  private Room room(WorkSettings settings, Ports ports) {
    int maxMessages = settings.maxMessages();
    return new Room(
        new InFlight(maxMessages, settings.host().heapBytes() / 4),
        new SlotQueue(settings.slots(), maxMessages / 2, settings.ahead(), runtime.clock()),
        new Groups(runtime.clock()),
        new RecentMessages(),
        new Suspects(
            settings.host().stateFolder(),
            ports.backlog().name(),
            settings.attempts().retries().retries() + 1),
        new ExecutorHealth(runtime.clock(), runtime.events()));
  }

  /** Starts the threads; call once. */
  public void start() {
    runtime.threads().startPlatform("lease-keeper", leaseKeeper::run);
    slots.start();
    runtime.threads().startPlatform("queue-listener", queueListener::run);
  }

  /**
   * What there is to do. Takes each lock that the loops need: who gets an answer knows that none of
   * them is held for ever.
   */
  public Load load() {
    room.groups().isClosed();
    claims.nanosAway();
    long now = runtime.now();
    return new Load(
        room.slots().running().stream().map(run -> Load.Running.of(run, now)).toList(),
        room.inFlight().size(),
        settlement.waiting() + messageEnd.waiting(),
        room.slots().busyNanos(),
        room.health().why());
  }

  /** The ids of the jobs that run now. */
  public List<String> running() {
    return room.slots().running().stream().map(run -> run.job().id()).toList();
  }

  /**
   * Ends all work; call once. Leases are kept until the last message is settled.
   *
   * @param patience how long running jobs may go on before they are given back
   */
  public void drain(Duration patience) throws InterruptedException {
    long deadline = runtime.now() + patience.toNanos();
    stopReceiving();
    messageEnd.hurry();
    claims.hurry();
    awaitRunningJobs(deadline);
    flush(deadline);
    leaseKeeper.stop();
    room.inFlight().close();
  }

  /** A receive under way would bring back what is given back: that would cost a retry elsewhere. */
  private void stopReceiving() throws InterruptedException {
    queueListener.stop();
    room.slots().close();
    if (!permits.awaitNoReceives(LONG_POLL_GRACE.toNanos())) {
      queueListener.cut();
      permits.awaitNoReceives(CUT_GRACE.toNanos());
    }
    room.groups().close();
    definitions.close();
    room.slots().empty().forEach(run -> run.end(Outcome.GivenBack.now("worker stops")));
  }

  private void awaitRunningJobs(long deadline) throws InterruptedException {
    long look = TimeUnit.MILLISECONDS.toNanos(100);
    while (deadline - runtime.now() > 0 && !room.slots().awaitIdle(look) && !allRunInVain()) {
      // some go on
    }
    if (!room.slots().running().isEmpty()) {
      giveBackRunningJobs();
    }
  }

  /** True if every job that runs is stuck, or lost, so that its end is not worth a wait. */
  private boolean allRunInVain() {
    long now = runtime.now();
    return room.slots().running().stream()
        .allMatch(run -> attemptOf(run).isStuck(now) || run.job().message().lease().isOver(now));
  }

  private static Attempt attemptOf(SlotRun run) {
    return Objects.requireNonNull(run.attempt(), "a run that a slot has is an attempt");
  }

  private void giveBackRunningJobs() throws InterruptedException {
    long now = runtime.now();
    room.slots().running().forEach(run -> attemptOf(run).stop(Attempt.Stop.GIVE_BACK, now));
    boolean idle = room.slots().awaitIdle(GIVE_BACK_GRACE.toNanos());
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
    if (!idle) {
      room.slots().running().forEach(this::abandon);
    }
  }

  /** The job runs on until the process ends, but its message is dealt with now. */
  private void abandon(SlotRun run) {
    Attempt attempt = attemptOf(run);
    Attempt.Stop reason = attempt.stopped();
    if (reason == null) {
      return; // it has just ended
    }
    if (reason == Attempt.Stop.GIVE_BACK) {
      room.suspects().giveUp(run.job()); // before others have it
    }
    if (run.end(JobRun.stopped(reason, attempt.ran(runtime.now())))) {
      log.atWarn()
          .addKeyValue("job_id", run.job().id())
          .log("a job does not heed its interrupt; it ends with the process");
    }
  }

  private void flush(long deadline) throws InterruptedException {
    long left = Math.max(deadline - runtime.now(), FLUSH_GRACE.toNanos());
    if (!room.inFlight().awaitNone(left)) {
      log.atWarn()
          .addKeyValue("messages", room.inFlight().size())
          .log(
              "stopped with messages unsettled; SQS delivers them again when their leases are over");
    }
  }
}
