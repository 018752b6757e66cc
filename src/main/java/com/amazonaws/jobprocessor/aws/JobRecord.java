package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.port.JobTable;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What the job table knows of a job.
 *
 * @param state QUEUED, RUNNING, SUCCEEDED, FAILED, DEAD, or one that a later version has written
 * @param workerId who has run it last, or runs it; empty if nobody has
 * @param startedAt when the last attempt began, or null
 * @param finishedAt when the last attempt ended, or null
 * @param duration of the attempt that succeeded, or null
 * @param result where the result is, or null if there is none
 * @param errorType of the last attempt, if it failed; else empty
 * @param errorMessage what went wrong; empty if nothing did
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
    String errorMessage) {}
