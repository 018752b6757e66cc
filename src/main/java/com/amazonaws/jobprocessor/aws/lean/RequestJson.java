package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Backlog;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;

/** Requests in the form of the SQS API reference, AWS JSON protocol. */
final class RequestJson {
  private static final int USUAL_BYTES = 512;
  private static final int USUAL_ENTRY_BYTES = 256;

  private static final List<String> ALL = List.of("All");

  private RequestJson() {}

  /** Writes the members of the request's object. */
  private interface Members {
    void write(JsonGenerator json) throws IOException;
  }

  /** Writes the members of a batch's entry beside its id. */
  private interface Entry<T> {
    void write(JsonGenerator json, T of) throws IOException;
  }

  private static byte[] object(Members members) {
    return object(USUAL_BYTES, members);
  }

  private static byte[] object(int usualBytes, Members members) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(usualBytes)) {
      try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
        json.writeStartObject();
        members.write(json);
        json.writeEndObject();
      }
      return bytes.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static <T> byte[] batch(String queueUrl, List<T> all, Entry<T> entry) {
    return object(
        USUAL_BYTES + USUAL_ENTRY_BYTES * all.size(),
        json -> {
          json.writeStringField("QueueUrl", queueUrl);
          json.writeArrayFieldStart("Entries");
          int id = 0;
          for (T of : all) {
            json.writeStartObject();
            json.writeStringField("Id", Integer.toString(id++));
            entry.write(json, of);
            json.writeEndObject();
          }
          json.writeEndArray();
        });
  }

  static byte[] queueUrl(String name) {
    return object(json -> json.writeStringField("QueueName", name));
  }

  static byte[] attributes(String queueUrl, List<String> names) {
    return object(
        json -> {
          json.writeStringField("QueueUrl", queueUrl);
          writeTexts(json, "AttributeNames", names);
        });
  }

  private static void writeTexts(JsonGenerator json, String name, List<String> texts)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (String text : texts) {
      json.writeString(text);
    }
    json.writeEndArray();
  }

  static byte[] receive(SqsTransport.Receive receive) {
    return object(
        json -> {
          json.writeStringField("QueueUrl", receive.queueUrl());
          writeTexts(json, "MessageSystemAttributeNames", receive.attributes());
          writeTexts(json, "MessageAttributeNames", ALL);
          json.writeNumberField("MaxNumberOfMessages", receive.max());
          json.writeNumberField("VisibilityTimeout", receive.lease().toSeconds());
          json.writeNumberField("WaitTimeSeconds", receive.waitTime().toSeconds());
          if (receive.attemptId() != null) {
            json.writeStringField("ReceiveRequestAttemptId", receive.attemptId());
          }
        });
  }

  static byte[] send(String queueUrl, List<OutgoingMessage> messages) {
    return batch(
        queueUrl,
        messages,
        (json, message) -> {
          json.writeStringField("MessageBody", message.body());
          json.writeObjectFieldStart("MessageAttributes");
          for (Map.Entry<String, Attribute> attribute : message.attributes().entrySet()) {
            json.writeFieldName(attribute.getKey());
            write(json, attribute.getValue());
          }
          json.writeEndObject();
          if (message.delaySecs() > 0) {
            json.writeNumberField("DelaySeconds", message.delaySecs());
          }
          if (message.deduplicationId() != null) {
            json.writeStringField("MessageDeduplicationId", message.deduplicationId());
          }
          if (message.group() != null) {
            json.writeStringField("MessageGroupId", message.group());
          }
        });
  }

  private static void write(JsonGenerator json, Attribute attribute) throws IOException {
    json.writeStartObject();
    if (attribute.text() != null) {
      json.writeStringField("StringValue", attribute.text());
    } else if (attribute.binary() != null) {
      json.writeBinaryField("BinaryValue", attribute.binary());
    }
    json.writeStringField("DataType", attribute.dataType());
    json.writeEndObject();
  }

  static byte[] delete(String queueUrl, List<String> receiptHandles) {
    return batch(
        queueUrl, receiptHandles, (json, handle) -> json.writeStringField("ReceiptHandle", handle));
  }

  static byte[] changeVisibility(String queueUrl, List<Backlog.VisibilityChange> changes) {
    return batch(
        queueUrl,
        changes,
        (json, change) -> {
          json.writeStringField("ReceiptHandle", change.receiptHandle());
          json.writeNumberField("VisibilityTimeout", change.seconds());
        });
  }
}
