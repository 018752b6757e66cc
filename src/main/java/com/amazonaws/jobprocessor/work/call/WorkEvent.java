package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.message.StackText;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to jobs: feeds the log, the counters and tests. Whoever takes events is called by
 * many threads; it must be quick and must not throw.
 */
public sealed interface WorkEvent {
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
   * @param answered false if it failed as a whole
   */
  record Requested(Request request, int messages, long bytes, boolean answered)
      implements WorkEvent {
    /** One that was answered. */
    public Requested(Request request, int messages, long bytes) {
      this(request, messages, bytes, true);
    }

    /** The same, without an answer of success. */
    Requested unanswered() {
      return new Requested(request, messages, bytes, false);
    }
  }

  /**
   * A receive brought so many messages, perhaps none.
   *
   * @param oldestSentAtMillis when SQS took the one that was sent first, since 1970; null if that
   *     is not known
   */
  record Received(int messages, @Nullable Long oldestSentAtMillis) implements WorkEvent {
    /** Messages of which nobody knows when they were sent. */
    public Received(int messages) {
      this(messages, null);
    }
  }

  /** Messages that were received carry so many jobs together: more than one a message in packs. */
  record Unpacked(int messages, int jobs) implements WorkEvent {}

  /** A message's lease was renewed. */
  record LeaseRenewed(String messageId) implements WorkEvent {}

  /**
   * A receive was held back by {@code poll_rate_per_min} although there was work and room for it.
   *
   * @param waited since the worker would have received without that ceiling
   */
  record PollRateWait(Duration waited) implements WorkEvent {}

  /**
   * An executor has ended an attempt.
   *
   * @param returned true if it returned a result, false if it threw something or was interrupted
   * @param sentAtMillis when SQS took the message, since 1970, if this was the job's first attempt;
   *     else, or if that is not known, null
   */
  record Ran(String jobId, Duration took, boolean returned, @Nullable Long sentAtMillis)
      implements WorkEvent {}

  /** A result was accepted by the results queue. */
  record Succeeded(String jobId) implements WorkEvent {}

  /** An attempt failed and the job will be tried again after the delay. */
  record Retried(FailedAttempt failure, Duration delay) implements WorkEvent {}

  /** A dead letter was accepted by the dead-letter queue. */
  record DeadLettered(FailedAttempt failure) implements WorkEvent {}

  /**
   * A job was put back, unharmed.
   *
   * @param ran how long the attempt that was interrupted for it had run; null if none was
   */
  record GivenBack(String jobId, String reason, @Nullable Duration ran) implements WorkEvent {}

  /** The lease was over before the job was settled: whatever we had to say was dropped. */
  record LeaseLost(String jobId) implements WorkEvent {}

  /**
   * The dead-letter queue refused a dead letter for good; the job goes back for so long.
   *
   * @param failure that the dead letter tells of
   * @param code SQS's error code
   * @param message SQS's own words
   */
  record DeadLetterRefused(
      FailedAttempt failure, String queue, String code, String message, Duration delay)
      implements WorkEvent {}

  /** The executor says that it cannot run jobs on this box now; said once until it can again. */
  record ExecutorUnavailable(String jobId, String why) implements WorkEvent {}

  /** The executor runs jobs again, after so long. */
  record ExecutorAvailable(Duration after) implements WorkEvent {}

  /**
   * A failed attempt.
   *
   * @param attempt its number, from 1
   * @param type the class of the exception, or a name of ours
   * @param trace of what the executor threw, if it is to be told; else null
   */
  record FailedAttempt(
      String jobId, int attempt, String type, String message, @Nullable StackText trace) {}
}
