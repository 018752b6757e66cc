package com.amazonaws.jobprocessor.port;

import com.amazonaws.jobprocessor.message.Delivery;
import java.time.Duration;
import java.util.List;

/**
 * Port: the queue that jobs are taken from. No call is repeated inside; every call ends within a
 * bounded time.
 */
public interface Backlog {
  /** The queue's name, for the log. */
  String name();

  /** True if it keeps the order of each group: SQS wants the names of such queues to end so. */
  default boolean isFifo() {
    return name().endsWith(".fifo");
  }

  /**
   * Asks for messages, and waits for them if there are none.
   *
   * @param max 1 to 10
   * @param wait long polling, 0 to 20 s
   * @param lease how long the messages stay invisible to others, from the moment at which SQS picks
   *     them
   * @return up to {@code max} deliveries, none if the wait was in vain
   * @throws CallFailed if there is no answer, or not one of success
   * @throws InterruptedException if the thread was interrupted; messages that were on their way
   *     stay invisible
   */
  List<Delivery> receive(int max, Duration wait, Duration lease)
      throws CallFailed, InterruptedException;

  /**
   * Sets how long messages stay invisible from now on: renews leases, or gives messages back.
   *
   * @param changes 1 to 10, of different messages
   * @return an answer for each change, in their order
   */
  List<Answer> changeVisibility(List<VisibilityChange> changes)
      throws CallFailed, InterruptedException;

  /**
   * Deletes messages.
   *
   * @param receiptHandles 1 to 10, of different messages
   * @return an answer for each, in their order; SQS says success to a stale handle without deleting
   *     anything (DeleteMessage in the SQS API reference), so success means little once the lease
   *     is over
   */
  List<Answer> delete(List<String> receiptHandles) throws CallFailed, InterruptedException;

  /** One change of visibility, in whole seconds, 0 to 43,200. */
  record VisibilityChange(String receiptHandle, int seconds) {}
}
