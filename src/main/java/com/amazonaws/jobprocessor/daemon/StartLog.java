package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.S3Buckets;
import com.amazonaws.jobprocessor.machine.StateFolder;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.stats.Problems;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.nio.file.Path;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/** Logs that the worker takes jobs, and what works against it but does not keep it from that. */
final class StartLog {
  private static final Logger log = LoggerFactory.getLogger(JobProcessor.class);

  private final Prepared prepared;
  private final AwsClients clients;
  private final StartProblems problems;

  /**
   * A log.
   *
   * @param problems where warnings stay to be seen, too
   */
  StartLog(
      Prepared prepared,
      AwsClients clients,
      Problems problems,
      WorkThreads threads,
      MonotonicClock clock) {
    this.prepared = prepared;
    this.clients = clients;
    this.problems = new StartProblems(problems, threads, clock);
  }

  /** Says that the worker takes jobs, or why it does not. */
  void begun(WorkerLife worker) {
    String why = worker.whyDrained();
    log.atInfo()
        .addKeyValue("worker_id", prepared.box().workerId())
        .addKeyValue("region", prepared.region())
        .addKeyValue("backlog", prepared.settings().queues().backlog())
        .addKeyValue("executor", prepared.settings().executor().className())
        .addKeyValue("concurrency", prepared.settings().work().concurrency())
        .log(why == null ? "taking jobs" : "takes no jobs yet: " + why);
  }

  /** Warns of the state folder, the queues' own settings and the payload bucket. */
  void warn(QueueSetup setup, QueueSetup.Found queues) throws InterruptedException {
    problems.look("state folder", () -> ofStateFolder(prepared.home().state()));
    setup.warn(queues);
    String bucket = prepared.settings().stores().payloadBucket();
    S3Client s3 = clients.s3();
    if (bucket != null && s3 != null) {
      String region = prepared.region();
      S3Buckets buckets = new S3Buckets(s3, clients.bucketCalls());
      problems.look(
          "payload bucket",
          () -> Warning.ofBucket(bucket, buckets.regionOf(bucket, region), region));
    }
  }

  /** Said of a folder in which no note can be kept. */
  static Optional<Warning> ofStateFolder(Path folder) {
    return StateFolder.problem(folder).map(problem -> Warning.noState(folder, problem));
  }
}
