package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.Durations;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs to know.
 *
 * @param workerId for results and dead letters
 * @param slots jobs that run at the same time, 1 to 1,000
 * @param pollRatePerMin the most receives in a minute, 1 to 1,000,000
 * @param pollWait long polling, 0 to 20 s, at most half the first lease
 * @param firstLease how long a received message stays invisible to others before its first renewal,
 *     up to 12 h
 * @param retries attempts after the first, 0 to 100
 * @param retryDelay the base of the wait before a retry
 * @param timeout the longest that an attempt may take, or null
 * @param stateFolder where notes of suspects are kept
 * @param heapBytes the size of the heap, a quarter of which jobs may hold
 * @param hasPayloads true if jobs may be in a payload bucket
 */
public record WorkSettings(
    String workerId,
    int slots,
    int pollRatePerMin,
    Duration pollWait,
    Duration firstLease,
    int retries,
    Duration retryDelay,
    @Nullable Duration timeout,
    Path stateFolder,
    long heapBytes,
    boolean hasPayloads) {
  /**
   * How long a job may have to wait for its slot when it is taken ahead of it: a small part of its
   * lease.
   */
  Duration ahead() {
    Duration part = Durations.part(firstLease, 20);
    Duration most = Duration.ofMillis(250);
    return part.compareTo(most) < 0 ? part : most;
  }
}
