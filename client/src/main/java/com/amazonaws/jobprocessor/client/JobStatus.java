package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the job table knows of a job.
 *
 * @param stateName the state as the record has it
 * @param attempts that were begun, the one that runs included
 * @param workerId who runs it or has run it last; empty if nobody has
 * @param result of a job that succeeded, else null
 * @param error of the last attempt if it failed, else null
 */
public record JobStatus(
    String jobId,
    String stateName,
    int attempts,
    String workerId,
    Times times,
    @Nullable Result result,
    @Nullable Failure error) {

  /** How far a job has come. */
  public enum State {
    /** It waits in the queue: submitted, or returned to it. */
    QUEUED(false),
    /** A worker runs it, or has died while it did and not been missed yet. */
    RUNNING(false),
    /** An attempt failed; it will be tried again. */
    FAILED(false),
    /** It has a result. */
    SUCCEEDED(true),
    /** It failed for good, and has a dead letter. */
    DEAD(true),
    /** It will not be run. */
    CANCELLED(true),
    /**
     * Another version, or somebody by hand, has written a state that this version does not know.
     */
    OTHER(false);

    private final boolean end;

    State(boolean end) {
      this.end = end;
    }

    /** True if the job has ended: nothing more happens unless it is sent again. */
    public boolean isEnd() {
      return end;
    }

    /** The state of a name; {@link #OTHER} if this version does not know it. */
    public static State of(String name) {
      for (State state : values()) {
        if (state != OTHER && state.name().equals(name)) {
          return state;
        }
      }
      return OTHER;
    }
  }

  /**
   * When; by the clock of whoever wrote it, null if it has not happened or is not on record.
   *
   * @param submittedAt by an {@code Enqueuer} with the job table
   * @param enqueuedAt when SQS took the message
   * @param startedAt when the last attempt began
   * @param finishedAt when the last attempt ended, or the job was cancelled
   * @param took the attempt that succeeded
   */
  public record Times(
      @Nullable Instant submittedAt,
      @Nullable Instant enqueuedAt,
      @Nullable Instant startedAt,
      @Nullable Instant finishedAt,
      @Nullable Duration took) {}

  /**
   * What went wrong.
   *
   * @param type the class of the exception, or a name of the worker's
   */
  public record Failure(String type, String message) {}

  /** Where the result is. */
  public sealed interface Result {
    /** Here. */
    record Text(String text) implements Result {}

    /**
     * In the payload bucket, since it does not fit the record.
     *
     * @param pointer as {@link Jobs#fetch} takes it
     */
    record InBucket(String pointer) implements Result {}

    /** In the results queue only: it was too large for the record, and there was no bucket. */
    record InResultsQueue() implements Result {}
  }

  /** How far the job has come. */
  public State state() {
    return State.of(stateName);
  }

  /** The same with the result at hand. */
  JobStatus with(Result fetched) {
    return new JobStatus(jobId, stateName, attempts, workerId, times, fetched, error);
  }

  static JobStatus of(JobRecord record) {
    return new JobStatus(
        record.jobId(),
        record.state(),
        record.attempts(),
        record.workerId(),
        new Times(
            record.origin().queuedAt(),
            record.origin().enqueuedAt(),
            record.startedAt(),
            record.finishedAt(),
            record.duration()),
        result(record.result()),
        record.errorType().isEmpty()
            ? null
            : new Failure(record.errorType(), record.errorMessage()));
  }

  private static @Nullable Result result(JobTable.@Nullable Result result) {
    if (result instanceof JobTable.Result.Text text) {
      return new Result.Text(text.text() == null ? "" : text.text());
    }
    if (result instanceof JobTable.Result.Stored stored) {
      return new Result.InBucket(stored.pointer());
    }
    return result == null ? null : new Result.InResultsQueue();
  }
}
