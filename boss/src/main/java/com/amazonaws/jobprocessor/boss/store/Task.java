package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A task as lists show it, without its payload.
 *
 * @param run how often it was dispatched; a run that is sent again is the same
 * @param endedRun whose answer ended it
 * @param worker who gave that answer
 * @param errorType of the dead letter that ended it
 * @param durationMillis of the attempt that ended it
 */
public record Task(
    long id,
    long batch,
    String name,
    int priority,
    String state,
    int run,
    @Nullable Integer endedRun,
    @Nullable String worker,
    @Nullable String errorType,
    @Nullable Long durationMillis,
    Instant createdAt,
    Instant changedAt) {}
