package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.config.Redactor;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.plugin.LoadedExecutor;
import com.amazonaws.jobprocessor.plugin.RunningJobs;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.WorkSettings;
import com.amazonaws.jobprocessor.work.Worker;
import com.amazonaws.jobprocessor.work.call.Outage;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;

/**
 * The daemon's worker in this process, on queues in memory: attempts, retries, time limits and
 * failures are the same, since the classes are.
 */
final class LocalWorker {
  /** As long as SQS lends a message: nobody else wants it. */
  private static final Duration LEASE = Duration.ofHours(12);

  private static final Duration LONG_POLL = Duration.ofSeconds(1);
  private static final int NO_POLL_RATE = 1_000_000;

  private final LocalBacklog backlog;
  private final Worker worker;
  private final RunningJobs running;
  private final AtomicReference<String> failure = new AtomicReference<>();

  /**
   * Who is told what the worker sends and what happens in it, by many threads.
   *
   * @param results messages for the results queue
   * @param deadLetters messages for the dead-letter queue
   * @param traces says which failures are told with a stack trace
   */
  record Readers(
      Consumer<List<Delivery>> results,
      Consumer<List<Delivery>> deadLetters,
      Consumer<WorkEvent> events,
      Traces traces) {}

  /**
   * Builds a worker; starts no thread.
   *
   * @param work how jobs are run
   * @param secrets that are taken out of the texts of errors
   */
  LocalWorker(
      Settings.Work work,
      List<String> secrets,
      LoadedExecutor executor,
      LocalBacklog backlog,
      Readers readers) {
    this.backlog = backlog;
    this.running = new RunningJobs(executor.executor(), () -> {}, System::nanoTime);
    StuckWatch watch = new StuckWatch(System::nanoTime);
    this.worker =
        new Worker(
            settings(work),
            new Worker.Ports(
                backlog,
                new LocalQueue("local", _ -> fail("a job came back to the backlog")),
                new LocalQueue("results", readers.results()),
                new LocalQueue("dead-letters", readers.deadLetters()),
                JobTable.NONE,
                Payloads.NONE),
            new Worker.Executor(
                running, executor.executor().getClass().getName(), executor.classLoader()),
            new WorkerRuntime(
                System::nanoTime,
                new WorkThreads(fatal -> fail(Failures.messageOf(fatal))),
                new Outage(System::nanoTime),
                readers.events()),
            new Worker.Hooks(
                new Redactor(secrets)::redact,
                readers.traces(),
                job ->
                    fail(
                        "job "
                            + job.id()
                            + " is over its time limit and has not heeded its interrupt for 30 s"),
                watch));
  }

  private static WorkSettings settings(Settings.Work work) {
    return new WorkSettings(
        work.concurrency(),
        new WorkSettings.Polling(NO_POLL_RATE, LONG_POLL, LEASE),
        new WorkSettings.Attempts(
            new RetryPolicy(work.retries(), work.retryDelay()), work.timeout()),
        new WorkSettings.Host("local", notes(), Runtime.getRuntime().maxMemory()));
  }

  /** Nothing of this process outlives it: a folder that no other has. */
  private static Path notes() {
    return Path.of(
        System.getProperty("java.io.tmpdir"), "job-processor-" + ProcessHandle.current().pid());
  }

  void start() {
    worker.start();
  }

  /** Ends the run: what went wrong is there to be asked for. */
  void fail(String why) {
    failure.compareAndSet(null, why);
  }

  /** Why the run cannot go on; null if it can. */
  String failure() {
    return failure.get();
  }

  /** The job that has called {@code System.exit}, which ends this process, if one has. */
  Optional<String> exiting() {
    return running.exiting();
  }

  /** Stops: jobs that still run are interrupted, and waited for a few seconds. */
  void stop() throws InterruptedException {
    backlog.close();
    worker.drain(Duration.ZERO);
  }
}
