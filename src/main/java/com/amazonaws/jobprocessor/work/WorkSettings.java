package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker needs to know.
 *
 * @param slots jobs that run at the same time, 1 to 1,000
 */
public record WorkSettings(int slots, Polling polling, Attempts attempts, Host host) {
  /**
   * How messages are received.
   *
   * @param ratePerMin the most receives in a minute, 1 to 1,000,000
   * @param longPoll how long a receive waits, 0 to 20 s, at most half the first lease
   * @param firstLease how long a received message stays invisible to others before its first
   *     renewal, up to 12 h
   */
  public record Polling(int ratePerMin, Duration longPoll, Duration firstLease) {}

  /**
   * How often and for how long a job may run.
   *
   * @param timeout the longest that an attempt may take, or null
   */
  public record Attempts(RetryPolicy retries, @Nullable Duration timeout) {}

  /**
   * The process that works.
   *
   * @param workerId for results and dead letters
   * @param stateFolder where notes of suspects are kept
   * @param heapBytes the size of the heap, a quarter of which messages may hold
   */
  public record Host(String workerId, Path stateFolder, long heapBytes) {}

  /** How many messages may be in flight. */
  int maxMessages() {
    return 2 * slots + 20;
  }

  /** How long a job waits for its slot, ten times as long as reckoned, before it goes back. */
  Duration maxWait() {
    return ahead().multipliedBy(10);
  }

  /**
   * How long a job may have to wait for its slot when it is taken ahead of it: a small part of its
   * lease.
   */
  Duration ahead() {
    Duration part = Durations.part(polling.firstLease(), 20);
    Duration most = Duration.ofMillis(250);
    return part.compareTo(most) < 0 ? part : most;
  }
}
