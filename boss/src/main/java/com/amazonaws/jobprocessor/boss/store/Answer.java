package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A result or a dead letter, as it came in.
 *
 * @param source the SQS message that carried it
 * @param jobId as it says itself
 * @param errorType null for a result
 * @param inS3 true if the body is a pointer to a payload
 */
public record Answer(
    Source source,
    String jobId,
    String worker,
    int attempts,
    long durationMillis,
    String jobMessageId,
    String body,
    boolean inS3,
    @Nullable String errorType,
    @Nullable String errorMessage) {

  /**
   * Where it was found.
   *
   * @param line of a pack, from 1; 0 for a message of its own
   * @param sentAt when SQS took the message, by its clock; null if it has not said
   */
  public record Source(String queue, String messageId, int line, @Nullable Instant sentAt) {
    /** A message of which SQS has not said when it took it. */
    public Source(String queue, String messageId, int line) {
      this(queue, messageId, line, null);
    }
  }

  boolean succeeded() {
    return errorType == null;
  }
}
