package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;

/**
 * A result or a dead letter as it came.
 *
 * @param group in a FIFO queue, else null
 */
record Received(
    String messageId, String handle, String body, Map<String, Attribute> attributes, String group) {
  static Received of(Message message) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    message.messageAttributes().forEach((name, value) -> attributes.put(name, attribute(value)));
    return new Received(
        message.messageId(),
        message.receiptHandle(),
        message.body(),
        attributes,
        message.attributes().get(MessageSystemAttributeName.MESSAGE_GROUP_ID));
  }

  private static Attribute attribute(MessageAttributeValue value) {
    byte[] binary = value.binaryValue() == null ? null : value.binaryValue().asByteArray();
    return new Attribute(value.dataType(), value.stringValue(), binary);
  }

  /** The attribute's text, or an empty one. */
  String text(String name) {
    Attribute attribute = attributes.get(name);
    return attribute == null || attribute.text() == null ? "" : attribute.text();
  }

  /** The job's id; a message that names none is its own. */
  String jobId() {
    String id = text(MessageFormat.JOB_ID);
    return id.isEmpty() ? messageId : id;
  }

  /** True if the body is a pointer to the payload. */
  boolean isPointer() {
    return PayloadPointer.isPointer(attributes);
  }

  boolean isEmptyResult() {
    return text(MessageFormat.EMPTY_RESULT).equals("true");
  }
}
