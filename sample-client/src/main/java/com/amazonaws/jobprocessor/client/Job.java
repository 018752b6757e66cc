package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.Map;

/**
 * A message for the backlog.
 *
 * @param fifo for a FIFO queue, else null
 */
record Job(String id, String body, Map<String, Attribute> attributes, Fifo fifo) {
  /** For a standard queue. */
  Job(String id, String body, Map<String, Attribute> attributes) {
    this(id, body, attributes, null);
  }

  /** The same job for a FIFO queue. */
  Job in(Fifo place) {
    return new Job(id, body, attributes, place);
  }

  /** A job with no other attribute than its id. */
  static Job of(String id, String body) {
    return new Job(id, body, Map.of(MessageFormat.JOB_ID, Attribute.of(id)));
  }

  /** True if the body is a pointer to the payload. */
  boolean isPointer() {
    return PayloadPointer.isPointer(attributes);
  }

  int bytes() {
    return MessageFormat.size(body, attributes);
  }
}
