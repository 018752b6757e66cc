package com.amazonaws.jobprocessor.message;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One delivery of a job by SQS; the same job may be delivered again, with another receipt handle.
 *
 * @param messageId the same for every delivery of a message
 * @param receiptHandle what renewals and the delete of this delivery name
 * @param body the job definition
 * @param attributes the message attributes by name
 * @param receiveCount SQS's {@code ApproximateReceiveCount}, this delivery included, from 1
 * @param sentAtMillis SQS's {@code SentTimestamp}, milliseconds since 1970, or null if not asked
 *     for
 * @param group the {@code MessageGroupId} of a FIFO queue's message, else null
 */
public record Delivery(
    String messageId,
    String receiptHandle,
    String body,
    Map<String, Attribute> attributes,
    int receiveCount,
    @Nullable Long sentAtMillis,
    @Nullable String group) {
  /** A delivery of a standard queue. */
  public Delivery(
      String messageId,
      String receiptHandle,
      String body,
      Map<String, Attribute> attributes,
      int receiveCount) {
    this(messageId, receiptHandle, body, attributes, receiveCount, null, null);
  }

  /** Memory that the delivery holds, roughly, in bytes: a character may take two. */
  public long heapBytes() {
    long bytes = 2L * body.length() + 1024;
    for (Map.Entry<String, Attribute> attribute : attributes.entrySet()) {
      bytes += 2L * attribute.getValue().size(attribute.getKey()) + 128;
    }
    return bytes;
  }
}
