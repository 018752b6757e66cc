package com.amazonaws.jobprocessor.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent: a result or a dead letter.
 *
 * @param group the {@code MessageGroupId}, null for a standard queue
 * @param deduplicationId with a group only: what SQS has seen within five minutes it drops
 */
public record OutgoingMessage(
    String body,
    Map<String, Attribute> attributes,
    @Nullable String group,
    @Nullable String deduplicationId) {
  /** For a standard queue. */
  public OutgoingMessage(String body, Map<String, Attribute> attributes) {
    this(body, attributes, null, null);
  }

  /** The same with another body. */
  public OutgoingMessage withBody(String other) {
    return new OutgoingMessage(other, attributes, group, deduplicationId);
  }
}
