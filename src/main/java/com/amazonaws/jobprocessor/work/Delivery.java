package com.amazonaws.jobprocessor.work;

import java.util.Map;

/**
 * One delivery of a job by SQS; the same job may be delivered again, with another receipt handle.
 *
 * @param messageId the same for every delivery of a message
 * @param receiptHandle what renewals and the delete of this delivery name
 * @param body the job definition
 * @param attributes the message attributes by name
 * @param receiveCount SQS's {@code ApproximateReceiveCount}, this delivery included, from 1
 */
public record Delivery(
    String messageId,
    String receiptHandle,
    String body,
    Map<String, Attribute> attributes,
    int receiveCount) {
  /** Memory that the delivery holds, roughly, in bytes: a character may take two. */
  long heapBytes() {
    long bytes = 2L * body.length() + 1024;
    for (Map.Entry<String, Attribute> attribute : attributes.entrySet()) {
      bytes += 2L * attribute.getValue().size(attribute.getKey()) + 128;
    }
    return bytes;
  }
}
