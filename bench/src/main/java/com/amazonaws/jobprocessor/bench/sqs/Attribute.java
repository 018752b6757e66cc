package com.amazonaws.jobprocessor.bench.sqs;

import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * An attribute of a message.
 *
 * @param text its value, or null if it is binary
 * @param base64 its value, or null if it is text
 */
record Attribute(String name, String type, @Nullable String text, @Nullable String base64) {
  /**
   * Reads the member {@code MessageAttributes}; in the order of their names, as the digest wants.
   */
  static List<Attribute> read(JsonObject entry) {
    JsonObject given = entry.object("MessageAttributes");
    if (given.names().isEmpty()) {
      return List.of();
    }
    List<Attribute> attributes = new ArrayList<>();
    for (String name : given.names()) {
      JsonObject value = given.object(name);
      attributes.add(
          new Attribute(
              name, value.need("DataType"), value.text("StringValue"), value.text("BinaryValue")));
    }
    attributes.sort(Comparator.comparing(Attribute::name));
    return attributes;
  }

  byte[] binary() {
    try {
      return base64 == null ? new byte[0] : Base64.getDecoder().decode(base64);
    } catch (IllegalArgumentException _) {
      throw SqsError.invalidParameter("the value of " + name + " is no Base64");
    }
  }

  int bytes() {
    return MessageQueue.utf8Length(name)
        + MessageQueue.utf8Length(type)
        + (text == null ? binary().length : MessageQueue.utf8Length(text));
  }

  /** Whether a receive that asks for these names gets it. */
  boolean isWanted(List<String> names) {
    for (String wanted : names) {
      if (wanted.equals("All") || wanted.equals(".*") || wanted.equals(name)) {
        return true;
      }
      if (wanted.endsWith(".*") && name.startsWith(wanted.substring(0, wanted.length() - 2))) {
        return true;
      }
    }
    return false;
  }

  void write(StringBuilder json) {
    Json.quote(Json.separate(json), name).append(":{");
    Json.member(json, "DataType", type);
    if (text != null) {
      Json.member(json, "StringValue", text);
    } else if (base64 != null) {
      Json.member(json, "BinaryValue", base64);
    }
    json.append('}');
  }
}
