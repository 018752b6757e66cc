package com.amazonaws.jobprocessor.aws.lean;

import com.amazonaws.jobprocessor.aws.SqsTransport;
import com.amazonaws.jobprocessor.aws.SystemAttributes;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Answers of success in the form of the SQS API reference, AWS JSON protocol. What is not known is
 * passed over: the API may grow.
 */
final class AnswerJson {
  private AnswerJson() {}

  static String queueUrl(JsonParser json) throws IOException {
    return present(json, Json.texts(json).get("QueueUrl"), "QueueUrl");
  }

  static Map<String, String> attributes(JsonParser json) throws IOException {
    Map<String, String> attributes = new HashMap<>();
    Json.object(
        json,
        (value, name) -> {
          if (name.equals("Attributes")) {
            attributes.putAll(Json.texts(value));
          } else {
            value.skipChildren();
          }
        });
    return attributes;
  }

  static List<Delivery> received(JsonParser json) throws IOException {
    List<Delivery> deliveries = new ArrayList<>();
    Json.object(
        json,
        (value, name) -> {
          if (name.equals("Messages")) {
            Json.array(value, message -> deliveries.add(delivery(message)));
          } else {
            value.skipChildren();
          }
        });
    return deliveries;
  }

  private static Delivery delivery(JsonParser json) throws IOException {
    Message message = new Message();
    Json.object(json, message::read);
    return new Delivery(
        present(json, message.id, "MessageId"),
        present(json, message.receiptHandle, "ReceiptHandle"),
        present(json, message.body, "Body"),
        message.attributes,
        SystemAttributes.receiveCount(message.system),
        SystemAttributes.sentAtMillis(message.system),
        message.system.get(SystemAttributes.GROUP));
  }

  private static String present(JsonParser json, @Nullable String text, String name)
      throws IOException {
    if (text == null) {
      throw new JsonParseException(json, "the answer has no " + name);
    }
    return text;
  }

  /** What has been read of a message. */
  private static final class Message {
    private @Nullable String id;
    private @Nullable String receiptHandle;
    private @Nullable String body;
    private Map<String, String> system = Map.of();
    private final Map<String, Attribute> attributes = new LinkedHashMap<>();

    void read(JsonParser json, String name) throws IOException {
      switch (name) {
        case "MessageId" -> id = Json.text(json);
        case "ReceiptHandle" -> receiptHandle = Json.text(json);
        case "Body" -> body = Json.text(json);
        case "Attributes" -> system = Json.texts(json);
        case "MessageAttributes" ->
            Json.object(json, (value, of) -> attributes.put(of, attribute(value)));
        default -> json.skipChildren();
      }
    }
  }

  private static Attribute attribute(JsonParser json) throws IOException {
    Value value = new Value();
    Json.object(json, value::read);
    return new Attribute(present(json, value.type, "DataType"), value.text, value.binary);
  }

  /** What has been read of an attribute. */
  private static final class Value {
    private @Nullable String type;
    private @Nullable String text;
    private byte @Nullable [] binary;

    void read(JsonParser json, String name) throws IOException {
      switch (name) {
        case "DataType" -> type = Json.text(json);
        case "StringValue" -> text = Json.text(json);
        case "BinaryValue" -> {
          if (json.currentToken() != JsonToken.VALUE_NULL) {
            binary = json.getBinaryValue();
          }
        }
        default -> json.skipChildren();
      }
    }
  }

  static SqsTransport.BatchAnswer batch(JsonParser json) throws IOException {
    Map<String, String> successful = new HashMap<>();
    List<SqsTransport.FailedEntry> failed = new ArrayList<>();
    Json.object(
        json,
        (value, name) -> {
          switch (name) {
            case "Successful" -> Json.array(value, entry -> entry(entry).accepted(successful));
            case "Failed" -> Json.array(value, entry -> failed.add(entry(entry).failed()));
            default -> value.skipChildren();
          }
        });
    return new SqsTransport.BatchAnswer(successful, failed);
  }

  private static Entry entry(JsonParser json) throws IOException {
    Entry entry = new Entry();
    Json.object(json, entry::read);
    entry.id = present(json, entry.id, "Id");
    return entry;
  }

  /** What has been read of a batch's entry. */
  private static final class Entry {
    private @Nullable String id;
    private @Nullable String messageId;
    private @Nullable String code;
    private @Nullable String message;

    void read(JsonParser json, String name) throws IOException {
      switch (name) {
        case "Id" -> id = Json.text(json);
        case "MessageId" -> messageId = Json.text(json);
        case "Code" -> code = Json.text(json);
        case "Message" -> message = Json.text(json);
        default -> json.skipChildren();
      }
    }

    void accepted(Map<String, String> successful) {
      successful.put(String.valueOf(id), Objects.requireNonNullElse(messageId, ""));
    }

    SqsTransport.FailedEntry failed() {
      return new SqsTransport.FailedEntry(String.valueOf(id), code, message);
    }
  }
}
