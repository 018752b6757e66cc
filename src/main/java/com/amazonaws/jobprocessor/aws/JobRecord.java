package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the job table knows of a job.
 *
 * @param state QUEUED, RUNNING, SUCCEEDED, FAILED, DEAD, CANCELLED, or one that a later version has
 *     written
 * @param workerId who has run it last, or runs it; empty if nobody has
 * @param startedAt when the last attempt began, or null
 * @param finishedAt when the last attempt ended, or null
 * @param duration of the attempt that succeeded, or null
 * @param result where the result is, or null if there is none
 * @param errorType of the last attempt, if it failed; else empty
 * @param errorMessage what went wrong; empty if nothing did
 * @param origin what was submitted
 */
public record JobRecord(
    String jobId,
    String state,
    int attempts,
    int deaths,
    String workerId,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable Duration duration,
    JobTable.@Nullable Result result,
    String errorType,
    String errorMessage,
    Origin origin) {
  /**
   * The job as it was submitted; a part that nobody has written is empty or null.
   *
   * @param messageId of the message that was claimed last
   * @param payloadSha256 the digest of the definition
   * @param queuedAt when the record was made, by who submitted the job
   * @param enqueuedAt when SQS took the message
   */
  public record Origin(
      String messageId,
      String payloadSha256,
      @Nullable Instant queuedAt,
      @Nullable Instant enqueuedAt) {}
}
