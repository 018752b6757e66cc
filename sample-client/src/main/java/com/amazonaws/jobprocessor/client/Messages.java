package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;

/** What results and dead letters say in their attributes. */
final class Messages {
  private Messages() {}

  /** The attribute's text, or an empty one. */
  static String text(Delivery message, String name) {
    Attribute attribute = message.attributes().get(name);
    return attribute == null || attribute.text() == null ? "" : attribute.text();
  }

  /** The job's id; a message that names none is its own. */
  static String jobId(Delivery message) {
    String id = text(message, MessageFormat.JOB_ID);
    return id.isEmpty() ? message.messageId() : id;
  }

  /** True if the body is a pointer to the payload. */
  static boolean isPointer(Delivery message) {
    return PayloadPointer.isPointer(message.attributes());
  }

  /** True if the body is a space that stands for an empty result. */
  static boolean isEmptyResult(Delivery message) {
    return text(message, MessageFormat.EMPTY_RESULT).equals("true");
  }
}
