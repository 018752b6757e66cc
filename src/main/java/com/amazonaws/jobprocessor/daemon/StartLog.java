package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.S3Buckets;
import com.amazonaws.jobprocessor.machine.StateFolder;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.stats.Problems;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.services.s3.S3Client;

/** Logs that the worker takes jobs, and what works against it but does not keep it from that. */
final class StartLog {
  private static final Logger log = LoggerFactory.getLogger(JobProcessor.class);

  private final Prepared prepared;
  private final AwsClients clients;
  private final Problems problems;

  /**
   * A log.
   *
   * @param problems where warnings stay to be seen, too
   */
  StartLog(Prepared prepared, AwsClients clients, Problems problems) {
    this.prepared = prepared;
    this.clients = clients;
    this.problems = problems;
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
    ofStateFolder(prepared.home().state()).ifPresent(warning -> warn("state folder", warning));
    setup.warn(queues);
    String bucket = prepared.settings().stores().payloadBucket();
    S3Client s3 = clients.s3();
    if (bucket != null && s3 != null) {
      warnOfBucket(s3, bucket);
    }
  }

  private void warnOfBucket(S3Client s3, String bucket) throws InterruptedException {
    try {
      String region = prepared.region();
      String found = new S3Buckets(s3, clients.bucketCalls()).regionOf(bucket, region);
      Warning.ofBucket(bucket, found, region).ifPresent(warning -> warn("payload bucket", warning));
    } catch (CallFailed e) {
      log.atDebug().addKeyValue("error", e.code()).log("cannot look for the payload bucket");
    }
  }

  private void warn(String source, Warning warning) {
    warning.log(log);
    problems.set(source, List.of(warning.problem()));
  }

  /** Said of a folder in which no note can be kept. */
  static Optional<Warning> ofStateFolder(Path folder) {
    return StateFolder.problem(folder).map(problem -> Warning.noState(folder, problem));
  }
}
