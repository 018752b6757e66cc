package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.port.CallFailed;
import org.jspecify.annotations.Nullable;

/**
 * The calls that have failed for good, and who fails with them: the jobs that had been handed over
 * by then and had not got further than the call. Safe for use by several threads.
 */
final class FailedCalls {
  /** A failure: jobs of which fewer calls had failed when they were handed over fail with it. */
  private record Mark<T extends Throwable>(long number, @Nullable T why) {
    @Nullable T failing(Ticket ticket) {
      return ticket.failuresBefore() < number ? why : null;
    }
  }

  private final boolean forGood;
  private long count;
  private volatile Mark<Throwable> recording = new Mark<>(0, null);
  private volatile Mark<CallFailed> sending = new Mark<>(0, null);

  /**
   * None has failed.
   *
   * @param forGood true if all that is handed over later fails as well
   */
  FailedCalls(boolean forGood) {
    this.forGood = forGood;
  }

  /** How many have failed before a job that is handed over now. */
  synchronized long count() {
    return forGood ? 0 : count;
  }

  /** A send has failed: to be said before any of its jobs is told of that. */
  synchronized void send(CallFailed why) {
    if (!why.equals(sending.why())) {
      sending = new Mark<>(++count, why);
      recording = new Mark<>(count, why);
    }
  }

  /** A record could not be written: to be said before its job is told of that. */
  synchronized void record(Throwable why) {
    recording = new Mark<>(++count, why);
  }

  /** What a job that has no record yet fails with; null if with nothing. */
  @Nullable Throwable beforeRecord(Ticket ticket) {
    return recording.failing(ticket);
  }

  /** What a job that was not sent yet fails with; null if with nothing. */
  @Nullable CallFailed beforeSend(Ticket ticket) {
    return sending.failing(ticket);
  }
}
