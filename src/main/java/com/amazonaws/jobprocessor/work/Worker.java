package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WatchedBacklog;
import com.amazonaws.jobprocessor.work.call.WatchedJobTable;
import com.amazonaws.jobprocessor.work.call.WatchedOutputQueue;
import com.amazonaws.jobprocessor.work.call.WatchedPayloads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.room.ExecutorHealth;
import com.amazonaws.jobprocessor.work.room.Groups;
import com.amazonaws.jobprocessor.work.room.InFlight;
import com.amazonaws.jobprocessor.work.room.PayloadMemory;
import com.amazonaws.jobprocessor.work.room.ReceivePermits;
import com.amazonaws.jobprocessor.work.room.RecentMessages;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.RunTimes;
import com.amazonaws.jobprocessor.work.room.SlotQueue;
import com.amazonaws.jobprocessor.work.room.Suspects;
import com.amazonaws.jobprocessor.work.room.Turns;
import com.amazonaws.jobprocessor.work.settle.Claims;
import com.amazonaws.jobprocessor.work.settle.Deletes;
import com.amazonaws.jobprocessor.work.settle.MessageEnd;
import com.amazonaws.jobprocessor.work.settle.MessageWriter;
import com.amazonaws.jobprocessor.work.settle.Outputs;
import com.amazonaws.jobprocessor.work.settle.PayloadStore;
import com.amazonaws.jobprocessor.work.settle.Remainders;
import com.amazonaws.jobprocessor.work.settle.Settlement;
import com.amazonaws.jobprocessor.work.settle.TableClaims;
import com.amazonaws.jobprocessor.work.settle.Visibility;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * One running worker: takes jobs from the backlog until it is drained.
 *
 * <pre>
 * backlog → QueueListener → MessageHandler: claim → Slots → settle → delete
 *           room first      a thread each           the executor     results, dead letters
 * </pre>
 */
public final class Worker {
  /** What a receive may take beside its long poll. */
  private static final Duration LONGEST_RECEIVE = Duration.ofSeconds(15);

  private final WorkSettings.Polling polling;
  private final long made;
  final WorkerRuntime runtime;
  final Room room;
  final RunTimes runTimes;
  final ReceivePermits permits;
  final Claims claims;
  final Definitions definitions;
  final Settlement settlement;
  final MessageEnd messageEnd;
  final MessageHandler handler;
  final QueueListener queueListener;
  final LeaseKeeper leaseKeeper;
  final Slots slots;

  /**
   * What a worker works on.
   *
   * @param remainders the backlog once more, for what goes back to it of packs
   * @param jobTable {@link JobTable#NONE} if there is none
   * @param payloads {@link Payloads#NONE} if there is no payload bucket
   */
  public record Ports(
      Backlog backlog,
      OutputQueue remainders,
      OutputQueue results,
      OutputQueue deadLetters,
      JobTable jobTable,
      Payloads payloads) {
    /** The same, each of whose calls is a step that is watched. */
    private Ports watched(StuckWatch watch) {
      return new Ports(
          new WatchedBacklog(backlog, watch),
          new WatchedOutputQueue(remainders, watch),
          new WatchedOutputQueue(results, watch),
          new WatchedOutputQueue(deadLetters, watch),
          jobTable.equals(JobTable.NONE) ? jobTable : new WatchedJobTable(jobTable, watch),
          payloads.equals(Payloads.NONE) ? payloads : new WatchedPayloads(payloads, watch));
    }
  }

  /**
   * The user's code.
   *
   * @param className of the user's own class, whatever the executor is wrapped in
   * @param contextLoader to be the context class loader of the threads that run it
   */
  public record Executor(JobExecutor executor, String className, ClassLoader contextLoader) {}

  /**
   * What a worker needs of the process that it runs in.
   *
   * @param redact takes secrets out of a text
   * @param traces says which failures are told with a stack trace
   * @param onStuckJob is told of jobs that heed no interrupt, perhaps many times
   */
  public record Hooks(
      UnaryOperator<String> redact, Traces traces, Consumer<Job> onStuckJob, StuckWatch watch) {}

  /** Builds a worker; no thread is started. */
  public Worker(
      WorkSettings settings,
      Ports unwatched,
      Executor executor,
      WorkerRuntime unwatchedRuntime,
      Hooks hooks) {
    WorkerRuntime runtime = unwatchedRuntime.watched(hooks.watch());
    this.runtime = runtime;
    made = runtime.now();
    Ports ports = unwatched.watched(hooks.watch());
    Duration firstLease = settings.polling().firstLease();
    long heap = settings.host().heapBytes();
    polling = settings.polling();
    runTimes = new RunTimes(Durations.part(firstLease, 2));
    room = room(settings, ports);
    permits = new ReceivePermits(room, settings.maxMessages(), runtime.clock());
    PayloadStore store = new PayloadStore(ports.payloads(), heap, runtime);
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
        new Outputs(writer, ports.results(), ports.deadLetters(), store, room, runtime);
    settlement = new Settlement(claims, outputs, settings.attempts().retries(), room, runtime);
    Visibility visibility = new Visibility(ports.backlog(), runtime);
    Deletes deletes = new Deletes(ports.backlog(), firstLease, runtime);
    Remainders remainders =
        new Remainders(ports.remainders(), store, !claims.equals(Claims.NONE), runtime);
    messageEnd = new MessageEnd(visibility, deletes, remainders, store, room.recent(), runtime);
    definitions = new Definitions(store, new PayloadMemory(heap / 4, runtime.clock()));
    Admission admission = new Admission(room, claims, messageEnd, runtime);
    handler = new MessageHandler(room, admission, definitions, settlement, messageEnd, runtime);
    queueListener =
        new QueueListener(
            settings.polling(),
            ports.backlog(),
            permits,
            handler,
            () -> Math.max(claims.nanosAway(), room.health().nanosAway()),
            runtime);
    leaseKeeper = new LeaseKeeper(room, visibility, claims, settings, hooks.onStuckJob(), runtime);
    JobRun jobRun =
        new JobRun(
            executor.executor(),
            new ThrownText(hooks.redact(), executor.className(), hooks.traces()),
            room.suspects(),
            room.health(),
            runTimes,
            runtime);
    slots = new Slots(settings.slots(), room.slots(), jobRun, runtime, executor.contextLoader());
  }

  private Room room(WorkSettings settings, Ports ports) {
    int maxMessages = settings.maxMessages();
    SlotQueue line =
        new SlotQueue(settings.slots(), maxMessages / 2, settings.ahead(), runtime.clock());
    return new Room(
        new InFlight(maxMessages, settings.host().heapBytes() / 4),
        line,
        new Turns(line, settings.maxWait(), runtime.clock()),
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
        new Load.Busy(made, room.slots().busyNanos()),
        room.health().why());
  }

  /** True while messages are in hand. */
  public boolean isBusy() {
    return room.inFlight().size() > 0;
  }

  /** The ids of the jobs that run now. */
  public List<String> running() {
    return room.slots().running().stream().map(run -> run.job().id()).toList();
  }

  /** Ends all work; call once. Running jobs may go on for so long before they are given back. */
  public void drain(Duration patience) throws InterruptedException {
    drain(DrainDeadline.patient(runtime.now() + patience.toNanos()));
  }

  /**
   * Ends all work; call once. Leases are kept until the last message is settled.
   *
   * @param deadline by when running jobs are given back; it may be brought forward meanwhile
   */
  public void drain(DrainDeadline deadline) throws InterruptedException {
    new Drain(this, deadline).run();
  }

  /**
   * Stops to receive if there is nothing to do: waits for a receive under way and, if it brings a
   * job or one is in hand, goes on as before.
   *
   * @return true if nothing is in hand, and nothing will be until {@link #resumeReceiving}
   */
  public boolean pauseIfIdle() throws InterruptedException {
    permits.pause();
    Duration wait = polling.longPoll().plus(LONGEST_RECEIVE);
    if (permits.awaitNoReceives(wait.toNanos()) && room.inFlight().size() == 0) {
      return true;
    }
    permits.resume();
    return false;
  }

  /** Receives again after a pause. */
  public void resumeReceiving() {
    permits.resume();
  }
}
