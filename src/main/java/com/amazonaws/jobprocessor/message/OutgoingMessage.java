package com.amazonaws.jobprocessor.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent: a result, a dead letter, or jobs that go back to the backlog.
 *
 * @param group the {@code MessageGroupId}, null for a standard queue
 * @param deduplicationId with a group only: what SQS has seen within five minutes it drops
 * @param delaySecs how long SQS keeps it invisible at first: 0 to 900, 0 for a FIFO queue
 */
public record OutgoingMessage(
    String body,
    Map<String, Attribute> attributes,
    @Nullable String group,
    @Nullable String deduplicationId,
    int delaySecs) {
  /** The longest {@link #delaySecs} (DelaySeconds of SendMessage, SQS API reference). */
  public static final int MAX_DELAY_SECS = 900;

  /** To be visible at once. */
  public OutgoingMessage(
      String body,
      Map<String, Attribute> attributes,
      @Nullable String group,
      @Nullable String deduplicationId) {
    this(body, attributes, group, deduplicationId, 0);
  }

  /** For a standard queue. */
  public OutgoingMessage(String body, Map<String, Attribute> attributes) {
    this(body, attributes, null, null);
  }

  /** The same with another body. */
  public OutgoingMessage withBody(String other) {
    return new OutgoingMessage(other, attributes, group, deduplicationId, delaySecs);
  }

  /** The same, to be invisible for so long at first. */
  public OutgoingMessage delayed(int seconds) {
    return new OutgoingMessage(body, attributes, group, deduplicationId, seconds);
  }
}
