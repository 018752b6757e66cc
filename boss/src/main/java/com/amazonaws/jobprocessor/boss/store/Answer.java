package com.amazonaws.jobprocessor.boss.store;

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
   */
  public record Source(String queue, String messageId, int line) {}

  boolean succeeded() {
    return errorType == null;
  }
}
