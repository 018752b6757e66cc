package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.DynamoJobTable;
import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.aws.S3Payloads;
import com.amazonaws.jobprocessor.aws.SqsBacklog;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsOutputQueue;
import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.fleet.BoxEnd;
import com.amazonaws.jobprocessor.fleet.BoxesWatch;
import com.amazonaws.jobprocessor.logging.JobOutput;
import com.amazonaws.jobprocessor.machine.Carriers;
import com.amazonaws.jobprocessor.machine.Instance;
import com.amazonaws.jobprocessor.machine.OldGarbage;
import com.amazonaws.jobprocessor.machine.TimeSinceBoot;
import com.amazonaws.jobprocessor.plugin.RunningJobs;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.stats.BoxPrices;
import com.amazonaws.jobprocessor.stats.CostLog;
import com.amazonaws.jobprocessor.stats.Counters;
import com.amazonaws.jobprocessor.stats.JobLog;
import com.amazonaws.jobprocessor.stats.LastFailures;
import com.amazonaws.jobprocessor.stats.MeteredPayloads;
import com.amazonaws.jobprocessor.stats.Meters;
import com.amazonaws.jobprocessor.stats.ObjectCounts;
import com.amazonaws.jobprocessor.stats.PriceFile;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Summary;
import com.amazonaws.jobprocessor.stats.WorkerStats;
import com.amazonaws.jobprocessor.work.WorkSettings;
import com.amazonaws.jobprocessor.work.Worker;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.SleepAwareClock;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;

/** Makes the parts of a worker and connects them, by hand and in one place. */
final class Wiring implements AutoCloseable {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
  private static final Duration SUMMARY = Duration.ofMinutes(1);

  private final Prepared prepared;
  private final WorkThreads threads;
  private final AwsClients clients;
  private final WorkSettings workSettings;
  private final UnaryOperator<String> redact;
  private final MonotonicClock clock =
      new SleepAwareClock(System::nanoTime, TimeSinceBoot.open()::getAsLong);
  private final Outage outage = new Outage(System::nanoTime);
  private final StuckWatch stuckWatch = new StuckWatch(System::nanoTime);
  private final StartupRetry retry = new StartupRetry(outage, stuckWatch);
  private final Carriers carriers = new Carriers();
  private final JobLog jobLog;
  private final RunningJobs runningJobs;
  private final ObjectCounts objects = new ObjectCounts();
  private final FleetAccess fleet;
  private final StatusWiring status;
  private final CostLog costLog;
  private final WorkerStats stats;
  private final EndOfBox endOfBox;

  /** Starts no thread and makes no call. */
  Wiring(Prepared prepared, AwsClients clients, WorkThreads threads) {
    this.prepared = prepared;
    this.threads = threads;
    this.clients = clients;
    this.workSettings = workSettings(prepared);
    this.redact = new Redactor(prepared.configuration().secrets())::redact;
    this.jobLog = new JobLog(redact);
    this.runningJobs =
        new RunningJobs(prepared.executor().executor(), JobOutput::endLines, System::nanoTime);
    Counters counters = new Counters(InstantSource.system());
    this.costLog =
        new CostLog(
            new Meters(
                counters.requests(),
                clients.queueCalls()::answered,
                clients.queueCalls()::failed,
                clients.tableCalls()::units,
                objects),
            prepared.settings().queues().fifo(),
            new BoxPrices(
                prepared.box().type(),
                prepared.box().spot(),
                PriceFile.open(prepared.home().prices())));
    this.fleet = new FleetAccess(prepared);
    this.status = new StatusWiring(prepared, fleet, this::boxEnd);
    this.endOfBox = new EndOfBox(prepared, clients, threads, clock, status.problems());
    this.stats =
        new WorkerStats(
            status.who(),
            new WorkerStats.Slots(workSettings.slots(), prepared.settings().work().expectedTime()),
            new WorkerStats.Sources(
                counters,
                costLog,
                outage,
                stuckWatch,
                status.depths(),
                status.boxes(),
                new LastFailures(redact),
                status.problems()),
            System::nanoTime,
            InstantSource.system());
  }

  /** The machine that this process runs on. */
  static Instance instance(Map<String, String> environment, CountDownLatch stopRequested) {
    return new Instance(environment, stopRequested, Imds::at);
  }

  private static WorkSettings workSettings(Prepared prepared) {
    Settings settings = prepared.settings();
    Settings.Work work = settings.work();
    return new WorkSettings(
        work.concurrency(),
        new WorkSettings.Polling(
            settings.polling().ratePerMin(), settings.polling().waitTime(), work.firstLease()),
        new WorkSettings.Attempts(
            new RetryPolicy(work.retries(), work.retryDelay()), work.timeout()),
        new WorkSettings.Host(
            prepared.box().workerId(), prepared.home().state(), Runtime.getRuntime().maxMemory()));
  }

  /** What the settings name in SQS: found, made, and looked at. */
  QueueSetup queueSetup() {
    return new QueueSetup(clients.queues(), prepared.settings(), findOrCreate());
  }

  StartLog startLog() {
    return new StartLog(prepared, clients, status.problems(), threads, clock);
  }

  /** The page, or null if there is to be none. */
  @Nullable StatusService statusService(Supplier<Snapshot> snapshots) {
    return status.service(snapshots, threads);
  }

  /** Asks for the queues' depths from now on, and for boxes when somebody wants to see them. */
  void watchQueues(QueueSetup.Found queues) {
    threads.startVirtual(
        "queue-watch", () -> status.watch(clients.queues(), queues, stats::oldest));
    BoxesWatch boxes = status.boxesWatch();
    if (boxes != null) {
      threads.startVirtual("boxes-watch", boxes::run);
    }
  }

  private FindOrCreate findOrCreate() {
    return new FindOrCreate(retry, prepared.settings().queues().create(), prepared.region());
  }

  /**
   * Builds the worker; its job table is found or made first, however long that takes.
   *
   * @param onStuckJob is told of a job that does not end by its interrupt, perhaps many times
   */
  Worker worker(QueueSetup.Found queues, Consumer<Job> onStuckJob)
      throws StartRefused, InterruptedException {
    Duration half = Durations.part(workSettings.polling().firstLease(), 2);
    Duration longestCall = half.compareTo(LONGEST_CALL) < 0 ? half : LONGEST_CALL;
    SqsTransport sqs = clients.transport();
    SqsCalls calls = clients.sqsCalls();
    return new Worker(
        workSettings,
        new Worker.Ports(
            endOfBox.watched(new SqsBacklog(sqs, calls, queues.backlog(), longestCall, clock)),
            new SqsOutputQueue(sqs, calls, queues.backlog(), longestCall),
            new SqsOutputQueue(sqs, calls, queues.results(), longestCall),
            new SqsOutputQueue(sqs, calls, queues.deadLetters(), longestCall),
            jobTable(queues.backlog().name()),
            payloads()),
        new Worker.Executor(
            runningJobs,
            prepared.executor().executor().getClass().getName(),
            prepared.executor().classLoader()),
        new WorkerRuntime(clock, threads, outage, new EventReceivers(stats, jobLog, carriers)),
        new Worker.Hooks(redact, jobLog, onStuckJob, stuckWatch));
  }

  private JobTable jobTable(String backlog) throws StartRefused, InterruptedException {
    String table = prepared.settings().stores().jobTable();
    DynamoDbClient dynamo = clients.dynamo();
    if (table == null || dynamo == null) {
      return JobTable.NONE;
    }
    new TableSetup(new DynamoTables(dynamo, clients.tableCalls()), findOrCreate()).run(table);
    return new DynamoJobTable(
        dynamo,
        clients.tableCalls(),
        table,
        backlog,
        workSettings.host().workerId(),
        InstantSource.system());
  }

  private Payloads payloads() {
    String bucket = prepared.settings().stores().payloadBucket();
    S3Client s3 = clients.s3();
    return bucket == null || s3 == null
        ? Payloads.NONE
        : new MeteredPayloads(new S3Payloads(s3, clients.bucketCalls(), bucket), objects);
  }

  /** Starts what looks after the JVM's memory. */
  void startHousekeeping() {
    threads.startVirtual("old-garbage", new OldGarbage()::run);
  }

  MonotonicClock clock() {
    return clock;
  }

  private @Nullable BoxEnd boxEnd() {
    return endOfBox.boxEnd();
  }

  EndOfBox endOfBox() {
    return endOfBox;
  }

  WorkThreads threads() {
    return threads;
  }

  WorkerStats stats() {
    return stats;
  }

  StuckWatch stuckWatch() {
    return stuckWatch;
  }

  Carriers carriers() {
    return carriers;
  }

  RunningJobs runningJobs() {
    return runningJobs;
  }

  JobLog jobLog() {
    return jobLog;
  }

  /** Takes no lock of the worker: it is there when one of them hangs. */
  Summary summary() {
    return new Summary(
        () -> stats.snapshot(null, WorkerStats.Drain.NONE), jobLog, costLog, SUMMARY);
  }

  /** Takes the secrets out of a text. */
  String redact(String text) {
    return redact.apply(text);
  }

  /** Closes the executor and the clients. */
  @Override
  public void close() {
    prepared.executor().close();
    endOfBox.close();
    fleet.close();
    clients.close();
  }
}
