package com.amazonaws.jobprocessor.port;

/** Port: tells how many messages a queue holds. */
public interface QueueGauge {
  /** The queue's name. */
  String name();

  /** Asks once; no call is repeated inside, and every call ends within a bounded time. */
  Reading read() throws CallFailed, InterruptedException;

  /**
   * About how many messages a queue holds; SQS's figures lag by up to a minute.
   *
   * @param waiting could be received now
   * @param inFlight were received and are not deleted
   * @param delayed can be received later
   */
  record Reading(long waiting, long inFlight, long delayed) {}
}
