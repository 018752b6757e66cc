package com.amazonaws.jobprocessor.port;

/** Port: tells how many messages a queue holds. */
public interface QueueGauge {
  /**
   * About so many messages of a standard or FIFO queue can be in flight. Beyond that a short poll
   * fails with OverLimit, and a long poll brings nothing, without an error: see
   * docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html,
   * quotas-fifo.html and troubleshooting-messages-not-returned-ReceiveMessage.html.
   */
  long MAX_IN_FLIGHT = 120_000;

  /** From here on it is near: SQS counts approximately, and its figures lag. */
  long MANY_IN_FLIGHT = MAX_IN_FLIGHT * 9 / 10;

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
  record Reading(long waiting, long inFlight, long delayed) {
    /** True if nearly as many messages are in flight as SQS allows. */
    public boolean hasManyInFlight() {
      return inFlight >= MANY_IN_FLIGHT;
    }
  }
}
