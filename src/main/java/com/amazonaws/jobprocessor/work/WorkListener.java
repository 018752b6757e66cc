package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.List;

/**
 * What happens to jobs: feeds the log, the counters and tests. Called by many threads; must be
 * quick and must not throw.
 */
public interface WorkListener {
  /** What is asked of a queue. */
  enum Request {
    RECEIVE,
    SEND,
    DELETE,
    CHANGE_VISIBILITY
  }

  /**
   * A request was made, whatever has come of it.
   *
   * @param messages that it named or carried, perhaps none
   * @param bytes of all the messages that it carried, there or back, by which SQS bills it: exact
   *     of a send; of a receive without attributes and with a byte for each character, since
   *     counting bytes would cost more than the estimate gains
   */
  default void requested(Request request, int messages, long bytes) {}

  /** A receive brought so many messages, perhaps none. */
  default void received(int messages) {}

  /** An executor returned a result. */
  default void ran(String jobId, Duration took) {}

  /** A result was accepted by the results queue. */
  default void succeeded(String jobId) {}

  /** An attempt failed and the job will be tried again after the delay. */
  default void willRetry(JobFailure failure, Duration delay) {}

  /** A dead letter was accepted by the dead-letter queue. */
  default void deadLettered(JobFailure failure) {}

  /**
   * The dead-letter queue has refused a job's dead letter; the job is being given back.
   *
   * @param queue the dead-letter queue's name
   * @param reason SQS's error code and message
   * @param delay until the job is delivered again
   */
  default void deadLetterRefused(JobFailure failure, String queue, String reason, Duration delay) {}

  /** A job was put back, unharmed. */
  default void gaveBack(String jobId, String reason) {}

  /** The lease was over before the job was settled: whatever we had to say was dropped. */
  default void leaseLost(String jobId) {}

  /** A failed attempt. */
  record JobFailure(String jobId, int attempt, String type, String message) {}

  /** Tells several listeners, in their order. */
  static WorkListener all(List<WorkListener> listeners) {
    return new WorkListener() {
      @Override
      public void requested(Request request, int messages, long bytes) {
        listeners.forEach(l -> l.requested(request, messages, bytes));
      }

      @Override
      public void received(int messages) {
        listeners.forEach(l -> l.received(messages));
      }

      @Override
      public void ran(String jobId, Duration took) {
        listeners.forEach(l -> l.ran(jobId, took));
      }

      @Override
      public void succeeded(String jobId) {
        listeners.forEach(l -> l.succeeded(jobId));
      }

      @Override
      public void willRetry(JobFailure failure, Duration delay) {
        listeners.forEach(l -> l.willRetry(failure, delay));
      }

      @Override
      public void deadLettered(JobFailure failure) {
        listeners.forEach(l -> l.deadLettered(failure));
      }

      @Override
      public void deadLetterRefused(
          JobFailure failure, String queue, String reason, Duration delay) {
        listeners.forEach(l -> l.deadLetterRefused(failure, queue, reason, delay));
      }

      @Override
      public void gaveBack(String jobId, String reason) {
        listeners.forEach(l -> l.gaveBack(jobId, reason));
      }

      @Override
      public void leaseLost(String jobId) {
        listeners.forEach(l -> l.leaseLost(jobId));
      }
    };
  }
}
