package com.amazonaws.jobprocessor.aws;

import com.amazonaws.jobprocessor.message.Attribute;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

/** Message attributes, from the SDK's words into ours and back. */
final class Attributes {
  private Attributes() {}

  /** What came with a message. */
  static Map<String, Attribute> received(Map<String, MessageAttributeValue> values) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    values.forEach((name, value) -> attributes.put(name, received(value)));
    return attributes;
  }

  private static Attribute received(MessageAttributeValue value) {
    byte[] binary = value.binaryValue() == null ? null : value.binaryValue().asByteArrayUnsafe();
    return new Attribute(value.dataType(), value.stringValue(), binary);
  }

  /** What is to be sent with one. */
  static Map<String, MessageAttributeValue> toSend(Map<String, Attribute> attributes) {
    Map<String, MessageAttributeValue> values = new HashMap<>();
    attributes.forEach((name, attribute) -> values.put(name, toSend(attribute)));
    return values;
  }

  private static MessageAttributeValue toSend(Attribute attribute) {
    MessageAttributeValue.Builder value =
        MessageAttributeValue.builder().dataType(attribute.dataType());
    if (attribute.text() != null) {
      value.stringValue(attribute.text());
    } else if (attribute.binary() != null) {
      value.binaryValue(SdkBytes.fromByteArrayUnsafe(attribute.binary()));
    }
    return value.build();
  }
}
