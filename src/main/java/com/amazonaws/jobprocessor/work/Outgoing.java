package com.amazonaws.jobprocessor.work;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A message to be sent: a result or a dead letter.
 *
 * @param group the {@code MessageGroupId}, null for a standard queue
 * @param deduplicationId with a group only: what SQS has seen within five minutes it drops
 */
public record Outgoing(
    String body,
    Map<String, Attribute> attributes,
    @Nullable String group,
    @Nullable String deduplicationId) {
  /** For a standard queue. */
  public Outgoing(String body, Map<String, Attribute> attributes) {
    this(body, attributes, null, null);
  }

  /**
   * For the same group as the job's, if it has one: at most once for each message of the backlog.
   */
  static Outgoing of(Job job, String body, Map<String, Attribute> attributes) {
    String group = job.group();
    return new Outgoing(body, attributes, group, group == null ? null : job.messageId());
  }
}
