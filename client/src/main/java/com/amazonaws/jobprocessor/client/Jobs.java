package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.JobCancels;
import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Asks the job table what became of jobs, waits for their ends, and cancels them. Needs the table
 * that the workers have as {@code job_table_name}; a job that no worker has received yet has a
 * record only if it was submitted with the table.
 *
 * <p>May be used by several threads at once. It starts no thread: each method works on the caller's
 * and returns when it is done. A method that waits ends with {@link InterruptedException} when its
 * thread is interrupted; what it had asked for may have happened.
 *
 * <p>A request that fails for a reason that may pass is made again: five times if there is no
 * answer, sixty times (some minutes) while AWS throttles; each try is a request. What fails for
 * good is a {@link ClientException}, and so is a table that does not exist.
 */
public final class Jobs implements AutoCloseable {
  private final Aws aws;
  private final Records records;
  private final JobCancels cancels;
  private final @Nullable PayloadObjects payloads;
  private final MonotonicClock clock;

  private Jobs(Builder builder, MonotonicClock clock) {
    this.clock = clock;
    this.aws = Aws.open(builder.region);
    String queue = builder.queue;
    String table = builder.jobTable;
    this.records =
        new Records(aws.make(session -> session.jobTable(table, queue)), new Retry(Halt.never()));
    this.cancels = aws.make(session -> session.jobCancels(table, queue, InstantSource.system()));
    this.payloads = aws.payloads(builder.payloadBucket);
  }

  /**
   * Begins to describe one; makes no request.
   *
   * @param queue the name of the backlog, by which the table knows its jobs
   * @param jobTable the workers' {@code job_table_name}
   */
  public static Builder builder(String queue, String jobTable) {
    return new Builder(queue, jobTable);
  }

  /** What {@link Jobs} needs to know. */
  public static final class Builder {
    private final String queue;
    private final String jobTable;
    private @Nullable String region;
    private @Nullable String payloadBucket;

    private Builder(String queue, String jobTable) {
      this.queue = queue;
      this.jobTable = jobTable;
    }

    /** The table's region; without it, the SDK's usual one: environment, profile, instance. */
    public Builder region(String name) {
      this.region = name;
      return this;
    }

    /** The workers' {@code payload_bucket_name}: large results are fetched from it. */
    public Builder payloadBucket(String name) {
      this.payloadBucket = name;
      return this;
    }

    /**
     * Makes it; no request, no thread.
     *
     * @throws ClientException if nobody knows a region, or the environment contradicts itself
     */
    public Jobs build() {
      return build(System::nanoTime);
    }

    /** As {@link #build}, with a clock for the waits of {@link Jobs#await}. */
    Jobs build(MonotonicClock clock) {
      return new Jobs(this, clock);
    }
  }

  /**
   * What the table knows of a job.
   *
   * <p>One BatchGetItem: half a read unit for each 4 KB of the record. A large result costs a
   * GetObject more if the payload bucket was named, and is then in memory: up to 64 MiB.
   *
   * @return empty if there is no record: no worker has received the job yet, there is no such job,
   *     or it ended more than 15 days ago
   * @throws IllegalArgumentException if that is not a valid job id
   * @throws ClientException if the table cannot be read, or the result not be fetched
   * @throws InterruptedException if the thread is interrupted; nothing has changed
   */
  public Optional<JobStatus> status(String jobId) throws InterruptedException {
    JobStatus status = status(List.of(jobId)).get(jobId);
    return status == null ? Optional.empty() : Optional.of(whole(status));
  }

  /**
   * What the table knows of jobs; their large results are not fetched: {@link #fetch} does that.
   *
   * <p>A BatchGetItem for each 100 jobs; more if their records are long, since one answer has at
   * most 16 MB, or if DynamoDB leaves some for later.
   *
   * @return by id, in the order given; jobs without a record are left out
   * @throws IllegalArgumentException if one is not a valid job id
   * @throws ClientException if the table cannot be read
   * @throws InterruptedException if the thread is interrupted; nothing has changed
   */
  public Map<String, JobStatus> status(Collection<String> jobIds) throws InterruptedException {
    Set<String> ids = new LinkedHashSet<>(jobIds);
    ids.forEach(Jobs::check);
    Records.Found found = read(ids);
    Map<String, JobStatus> statuses = new LinkedHashMap<>();
    for (String id : ids) {
      JobRecord record = found.of(id);
      if (record != null) {
        statuses.put(id, JobStatus.of(record));
      }
    }
    return statuses;
  }

  private Records.Found read(Set<String> ids) throws InterruptedException {
    try {
      return records.read(ids);
    } catch (CallFailed e) {
      throw Aws.failed("reading the job table", e);
    }
  }

  /**
   * Waits until a job has ended: SUCCEEDED, DEAD or CANCELLED.
   *
   * <p>Looks at once, then after about 0.25, 0.5, 1, 2, 4 and 8 seconds more, then about every 10,
   * each wait shortened at random by up to a half, and once more when the time is over: at most 18
   * BatchGetItem in the first minute, and 12 in each further one; half a read unit for each 4 KB of
   * the record. A large result costs a GetObject more, as with {@link #status(String)}. To wait for
   * many jobs, read their results with a {@link Results} instead.
   *
   * @param timeout after which it gives up; zero looks once
   * @return how it ended; empty if it has not, or is unknown, when the time is over
   * @throws IllegalArgumentException if that is not a valid job id
   * @throws ClientException if the table cannot be read, or the result not be fetched
   * @throws InterruptedException if the thread is interrupted, in a request or between two of them;
   *     the job goes on
   */
  public Optional<JobStatus> await(String jobId, Duration timeout) throws InterruptedException {
    check(jobId);
    long began = clock.nanoTime();
    long patience = nanos(timeout);
    PollPace pace = new PollPace();
    while (true) {
      JobStatus status = status(List.of(jobId)).get(jobId);
      if (status != null && status.state().isEnd()) {
        return Optional.of(whole(status));
      }
      long left = patience - (clock.nanoTime() - began);
      if (left <= 0) {
        return Optional.empty();
      }
      clock.sleep(Math.min(left, pace.next(ThreadLocalRandom.current().nextDouble())));
    }
  }

  private static long nanos(Duration time) {
    try {
      return time.toNanos();
    } catch (ArithmeticException e) {
      return Long.MAX_VALUE; // 292 years
    }
  }

  /**
   * Cancels a job: a worker that receives it later deletes its message, runs nothing, sends
   * nothing, alone or in a pack. One that a worker runs now goes on, and the answer says so; one
   * that is to be tried again is not.
   *
   * <p>One conditional write: a write unit for each KB of the record. Without it nothing is known
   * of the message: it stays in the queue, and counts in its depth, until a worker receives it.
   *
   * @throws IllegalArgumentException if that is not a valid job id
   * @throws ClientException if the table cannot be written
   * @throws InterruptedException if the thread is interrupted; the job may be cancelled all the
   *     same, and cancelling it again does no harm
   */
  public Cancellation cancel(String jobId) throws InterruptedException {
    check(jobId);
    JobCancels.Cancel cancel = aws.call("cancelling the job", () -> cancels.cancel(jobId));
    JobStatus.State state = JobStatus.State.of(cancel.state());
    if (state == JobStatus.State.CANCELLED) {
      return cancel.wasKnown() ? new Cancellation.Cancelled() : new Cancellation.Unknown();
    }
    if (state == JobStatus.State.RUNNING) {
      return new Cancellation.Running();
    }
    return state.isEnd()
        ? new Cancellation.Ended(state)
        : new Cancellation.LeftAlone(cancel.state());
  }

  /**
   * Fetches a result from the payload bucket: one GetObject, up to 64 MiB.
   *
   * @throws IllegalStateException if no payload bucket was named
   * @throws ClientException if it cannot be fetched
   * @throws InterruptedException if the thread is interrupted; the object stays
   */
  public String fetch(JobStatus.Result.InBucket result) throws InterruptedException {
    if (payloads == null) {
      throw new IllegalStateException("no payload bucket was named");
    }
    return Aws.fetch(payloads, result.pointer());
  }

  private JobStatus whole(JobStatus status) throws InterruptedException {
    return payloads != null && status.result() instanceof JobStatus.Result.InBucket stored
        ? status.with(new JobStatus.Result.Text(fetch(stored)))
        : status;
  }

  private static void check(String jobId) {
    if (!MessageFormat.isJobId(jobId)) {
      throw new IllegalArgumentException(
          "a job's id has 1 to 256 printable characters, not \"" + jobId + '"');
    }
  }

  /**
   * Closes the connections: no request, no wait, whether the thread is interrupted or not. What
   * other threads wait for fails.
   */
  @Override
  public void close() {
    aws.close();
  }
}
