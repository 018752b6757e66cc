package com.amazonaws.jobprocessor.bench.sqs;

/**
 * Numbers of messages at one moment.
 *
 * @param sent all that were ever sent
 * @param expired how often one became visible again because its time was over
 * @param staleDeletes deletes with a handle that was no longer the last one
 * @param lastArrivalNanos when the last one was sent, by {@link System#nanoTime}
 */
public record QueueState(
    int sent,
    int visible,
    int inFlight,
    int delayed,
    int deleted,
    int expired,
    int staleDeletes,
    long lastArrivalNanos) {}
