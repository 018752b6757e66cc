package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.DynamoJobTable;
import com.amazonaws.jobprocessor.aws.DynamoTables;
import com.amazonaws.jobprocessor.aws.S3Payloads;
import com.amazonaws.jobprocessor.aws.SqsBacklog;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.aws.SqsOutputQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.config.Configuration;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.WorkSettings;
import com.amazonaws.jobprocessor.work.Worker;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * The daemon's one lifecycle: built, then started, then stopped; for {@code main} and for
 * commons-daemon alike.
 */
final class JobProcessor {
  private static final Logger log = LoggerFactory.getLogger(JobProcessor.class);
  private static final Duration LONGEST_CALL = Duration.ofSeconds(10);
  private static final Duration LONGEST_TRANSFER = Duration.ofSeconds(60);
  private static final Duration LONGEST_TABLE_CALL = Duration.ofSeconds(5);
  private static final Duration SUMMARY = Duration.ofMinutes(1);
  private static final Duration FIRST_JOBS = Duration.ofMillis(500);

  private enum State {
    NEW,
    STARTED,
    STOPPING,
    STOPPED
  }

  /** A start is over, or was none, before a stop begins: it has a starter to stop. */
  private final Object starting = new Object();

  private final AtomicReference<State> state = new AtomicReference<>(State.NEW);
  private final AtomicInteger status = new AtomicInteger();
  private final CountDownLatch stopRequested = new CountDownLatch(1);
  private final CountDownLatch stopped = new CountDownLatch(1);
  private final Settings settings;
  private final WorkSettings workSettings;
  private final LoadedExecutor executor;
  private final SqsClient sqs;
  private final @Nullable DynamoDbClient dynamo;
  private final @Nullable S3Client s3;
  private final SqsCalls calls = new SqsCalls();
  private final SqsCalls tableCalls = new SqsCalls();
  private final SqsCalls bucketCalls = new SqsCalls();
  private final Outage outage = new Outage(System::nanoTime);
  private final StuckWatch vitals = new StuckWatch(System::nanoTime);
  private final Patience patience = new Patience(outage, vitals);
  private final WorkThreads threads = new WorkThreads(JobProcessor::die);
  private final Counters counters = new Counters();
  private final JobLog jobLog = new JobLog();
  private final Carriers carriers = new Carriers();
  private final Meters meters =
      new Meters(counters.requests(), calls, tableCalls, new ObjectCounts());
  private final Summary summary;
  private final String region;
  private final java.util.function.UnaryOperator<String> redact;

  private volatile @Nullable Thread starter;
  private volatile @Nullable Worker worker;
  private volatile long drainUntil;

  /** Wires everything; starts no thread and makes no call. */
  JobProcessor(
      Configuration configuration, String region, Box box, Home home, LoadedExecutor executor) {
    this.settings = configuration.settings();
    this.region = region;
    this.executor = executor;
    this.redact = new com.amazonaws.jobprocessor.config.Redactor(configuration.secrets())::redact;
    this.workSettings = workSettings(settings, box.workerId(), home);
    CostLog costLog = new CostLog(meters, settings.queues().backlog().endsWith(".fifo"), box);
    this.summary = new Summary(counters, jobLog, calls, costLog, SUMMARY);
    AwsAccess.Keys keys = keys(settings.keys());
    this.sqs = AwsAccess.sqs(region, keys, Duration.ofSeconds(30));
    this.s3 =
        settings.stores().payloadBucket() == null
            ? null
            : AwsAccess.s3(region, keys, LONGEST_TRANSFER);
    this.dynamo =
        settings.stores().jobTable() == null
            ? null
            : AwsAccess.dynamo(region, keys, LONGEST_TABLE_CALL);
  }

  private static AwsAccess.@Nullable Keys keys(Settings.@Nullable Keys keys) {
    return keys == null
        ? null
        : new AwsAccess.Keys(keys.accessKeyId(), keys.secretAccessKey(), keys.sessionToken());
  }

  private static WorkSettings workSettings(Settings settings, String workerId, Home home) {
    Settings.Work work = settings.work();
    return new WorkSettings(
        work.concurrency(),
        new WorkSettings.Polling(
            settings.polling().ratePerMin(), settings.polling().waitTime(), work.firstLease()),
        new WorkSettings.Attempts(
            new RetryPolicy(work.retries(), work.retryDelay()), work.timeout()),
        new WorkSettings.Host(workerId, home.state(), Runtime.getRuntime().maxMemory()));
  }

  /** Starts to work in the background; AWS may be away. Does nothing after a stop. */
  void start() {
    synchronized (starting) {
      if (state.compareAndSet(State.NEW, State.STARTED)) {
        starter = Thread.ofPlatform().name("starter").start(this::findQueuesAndWork);
        summary.start();
      }
    }
  }

  private void findQueuesAndWork() {
    try {
      QueueSetup setup = new QueueSetup(new SqsQueues(sqs, calls), settings, region, patience);
      QueueSetup.Found queues = setup.run();
      Worker made = worker(queues, jobTable(queues.backlog().name()), payloads());
      worker = made;
      made.start();
      log.atInfo()
          .addKeyValue("worker_id", workSettings.host().workerId())
          .addKeyValue("region", region)
          .addKeyValue("backlog", queues.backlog().name())
          .addKeyValue("executor", settings.executor().className())
          .addKeyValue("concurrency", workSettings.slots())
          .log("taking jobs");
      Thread.sleep(FIRST_JOBS); // they want the cores now, the warnings can wait
      setup.warn(queues);
      carriers.takeAllCoresWhenWarm();
    } catch (StartRefused e) {
      Journal.ours().printRefusal(e.lines(), System.err);
      requestStop(e.status());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // stopped while waiting
    } catch (Throwable t) {
      die(t);
    }
  }

  private JobTable jobTable(String backlog) throws StartRefused, InterruptedException {
    String table = settings.stores().jobTable();
    if (table == null || dynamo == null) {
      return JobTable.NONE;
    }
    new TableSetup(
            new DynamoTables(dynamo, tableCalls), settings.queues().create(), region, patience)
        .run(table);
    return new DynamoJobTable(
        dynamo, tableCalls, table, backlog, workSettings.host().workerId(), InstantSource.system());
  }

  private Payloads payloads() {
    String bucket = settings.stores().payloadBucket();
    return bucket == null || s3 == null
        ? Payloads.NONE
        : new MeteredPayloads(new S3Payloads(s3, bucketCalls, bucket), meters.objects());
  }

  private Worker worker(QueueSetup.Found queues, JobTable jobTable, Payloads payloads) {
    Duration half = Durations.part(workSettings.polling().firstLease(), 2);
    Duration longestCall = half.compareTo(LONGEST_CALL) < 0 ? half : LONGEST_CALL;
    return new Worker(
        workSettings,
        new Worker.Ports(
            new SqsBacklog(sqs, calls, queues.backlog(), longestCall, System::nanoTime),
            new SqsOutputQueue(sqs, calls, queues.results(), longestCall),
            new SqsOutputQueue(sqs, calls, queues.deadLetters(), longestCall),
            jobTable,
            payloads),
        new Worker.Executor(executor.executor(), executor.classLoader()),
        new WorkerRuntime(
            System::nanoTime,
            threads,
            outage,
            counters.andThen(jobLog).andThen(carriers).andThen(new OldGarbage())),
        new Worker.Process(redact, _ -> onStuckJob(), vitals));
  }

  private void onStuckJob() {
    if (stopRequested.getCount() > 0) {
      log.error(
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
      drainUntil = System.nanoTime() + settings.drainTimeout().toNanos();
      stopRequested.countDown();
    }
  }

  /** What the worker does now, and what of it is stuck. */
  Heartbeat.Pulse pulse() {
    Duration drainLeft =
        stopRequested.getCount() > 0 ? null : Duration.ofNanos(drainUntil - System.nanoTime());
    Worker running = worker;
    Worker.Load load = running == null ? null : running.load();
    return new Heartbeat.Pulse(
        Status.of(load, workSettings.slots(), outage.first(), drainLeft),
        vitals.stuck(),
        false,
        drainLeft);
  }

  /** Takes the secrets out of a text. */
  String redact(String text) {
    return redact.apply(text);
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
    synchronized (starting) {
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
      closeAll();
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
    Worker running = worker;
    if (running != null) {
      log.atInfo()
          .addKeyValue("drain_timeout_secs", settings.drainTimeout().toSeconds())
          .log("stopping");
      running.drain(settings.drainTimeout());
    }
    summary.end();
  }

  private void closeAll() {
    executor.close();
    sqs.close();
    if (dynamo != null) {
      dynamo.close();
    }
    if (s3 != null) {
      s3.close();
    }
  }

  /** A thread of ours met what it cannot handle: a worker that is half dead is worse than none. */
  static void die(Throwable t) {
    try {
      log.error("internal error; the process ends with 1", t);
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }
}
