package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.client.send.PackSize;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.RunTimes;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Payloads;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Builds an {@link Enqueuer}. */
public final class EnqueuerBuilder {
  private static final Duration MAX_VISIBILITY = Duration.ofHours(12);
  private static final Duration MAX_LINGER = Duration.ofMinutes(1);

  private final String queue;
  private @Nullable Duration visibility;
  private @Nullable String region;
  private @Nullable String jobTable;
  private @Nullable String payloadBucket;
  private Packing packing = Packing.none();
  Duration linger = Duration.ofMillis(100);
  int maxPendingJobs = 10_000;
  long maxPendingBytes = 32L * 1024 * 1024;
  boolean stopAtFailure;

  /** How long an interrupted close waits for what its own calls and callbacks still do. */
  Duration patience = Duration.ofSeconds(30);

  LongSupplier nanoTime = System::nanoTime;

  EnqueuerBuilder(String queue) {
    this.queue = queue;
  }

  /**
   * Makes the queue if it is missing, with this visibility timeout; a queue that there is stays as
   * it is. The workers of this project set the timeout of what they receive themselves: it is for
   * other readers. By default a missing queue is an error.
   *
   * @param timeout 0 seconds to 12 hours, in whole seconds
   */
  public EnqueuerBuilder visibilityTimeout(Duration timeout) {
    if (timeout.isNegative() || timeout.compareTo(MAX_VISIBILITY) > 0) {
      throw new IllegalArgumentException(
          "visibility timeout: allowed are 0 seconds to 12 hours, not " + timeout);
    }
    visibility = timeout;
    return this;
  }

  /** The queue's region; by default that of the environment, the profile or the instance. */
  public EnqueuerBuilder region(String name) {
    region = name;
    return this;
  }

  /**
   * The workers' {@code job_table_name}: each job is recorded before it is sent, and the same id
   * twice is one job. The table must exist.
   */
  public EnqueuerBuilder jobTable(String name) {
    jobTable = name;
    return this;
  }

  /** The workers' {@code payload_bucket_name}, for definitions that do not fit a message. */
  public EnqueuerBuilder payloadBucket(String name) {
    payloadBucket = name;
    return this;
  }

  /** How many jobs share a message; by default each has its own. */
  public EnqueuerBuilder packing(Packing how) {
    packing = how;
    return this;
  }

  /**
   * How long a job of {@link Enqueuer#enqueueAsync(NewJob)} waits for others that would share its
   * request or its pack; 100 ms by default.
   *
   * @param time 0 to one minute
   */
  public EnqueuerBuilder linger(Duration time) {
    if (time.isNegative() || time.compareTo(MAX_LINGER) > 0) {
      throw new IllegalArgumentException("linger: allowed are 0 to 1 minute, not " + time);
    }
    linger = time;
    return this;
  }

  /**
   * How much may be on its way at the same time; whoever enqueues more waits. By default 10,000
   * jobs and 32 MiB of definitions.
   *
   * @param jobs 1 or more
   * @param bytes 1 or more; a single job may have more
   */
  public EnqueuerBuilder maxPending(int jobs, long bytes) {
    if (jobs < 1 || bytes < 1) {
      throw new IllegalArgumentException("pending jobs and bytes: allowed is 1 or more");
    }
    maxPendingJobs = jobs;
    maxPendingBytes = bytes;
    return this;
  }

  /**
   * After a call that has failed for good every job that is handed over later fails with it, too:
   * for jobs of a group that are handed over without waiting for each, so that none overtakes one
   * that was not enqueued. By default what is handed over later is tried again.
   */
  public EnqueuerBuilder stopAtFailure() {
    stopAtFailure = true;
    return this;
  }

  /**
   * Looks for the queue and begins two threads; close the enqueuer at the end. Costs one request,
   * two more if the queue is made, and up to four to learn the size of packs.
   *
   * @throws ClientException if there is no such queue, no region or no right to look
   * @throws IllegalArgumentException for packs in a FIFO queue
   * @throws InterruptedException if the thread is interrupted; nothing is left behind but, perhaps,
   *     the queue
   */
  public Enqueuer build() throws InterruptedException {
    if (!packing.isNone() && SqsQueue.isFifo(queue)) {
      throw new IllegalArgumentException("\"" + queue + "\" is a FIFO queue, which takes no packs");
    }
    Aws aws = Aws.open(region);
    boolean built = false;
    try {
      SqsQueue found = findOrMake(aws);
      String table = jobTable;
      QueuedJobs records =
          table == null ? null : aws.make(session -> session.queuedJobs(table, queue));
      String bucket = payloadBucket;
      Payloads payloads = bucket == null ? null : aws.make(session -> session.payloads(bucket));
      PackSizes sizes = packSizes(aws);
      Enqueuer enqueuer =
          new Enqueuer(
              this,
              new Enqueuer.Services(aws, found, records, payloads, sizes),
              new Packer(sizes, packing.resultPacks()));
      built = true;
      return enqueuer;
    } finally {
      if (!built) {
        aws.close();
      }
    }
  }

  private SqsQueue findOrMake(Aws aws) throws InterruptedException {
    Duration timeout = visibility;
    if (timeout == null) {
      return aws.queue(queue);
    }
    var queues = aws.make(AwsSession::queues);
    Optional<SqsQueue> found =
        aws.call("finding the queue \"" + queue + "\"", () -> queues.find(queue));
    return found.isPresent()
        ? found.get()
        : aws.call(
            "making the queue \"" + queue + "\"",
            () -> queues.create(queue, Optional.empty(), Optional.of(timeout)));
  }

  private PackSizes packSizes(Aws aws) throws InterruptedException {
    PackSize size = packing.size();
    String results = packing.resultsQueue();
    return size != null || results == null
        ? PackSizes.of(size == null ? PackSize.cautious(0) : size)
        : PackSizes.learned(() -> look(aws, results), nanoTime);
  }

  private static RunTimes look(Aws aws, String resultsQueue) throws InterruptedException {
    var queues = aws.make(AwsSession::queues);
    String what = "looking into the queue \"" + resultsQueue + "\"";
    Optional<SqsQueue> found = aws.call(what, () -> queues.find(resultsQueue));
    if (found.isEmpty()) {
      return new RunTimes();
    }
    var results = aws.make(session -> session.backlog(found.get()));
    return RunTimes.of(
        () ->
            aws.call(
                what,
                () -> results.receive(MessageFormat.MAX_BATCH, Duration.ZERO, Duration.ZERO)));
  }
}
