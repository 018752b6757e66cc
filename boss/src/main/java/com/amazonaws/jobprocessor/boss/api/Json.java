package com.amazonaws.jobprocessor.boss.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The API's JSON: names in snake_case, times in UTC, ids as strings. */
final class Json {
  static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private Json() {}

  static ObjectNode object() {
    return MAPPER.createObjectNode();
  }

  /** A time as RFC 3339 has it, or null. */
  static @Nullable String time(@Nullable Instant instant) {
    return instant == null ? null : instant.toString();
  }

  static byte[] bytes(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Reads a small object that has no other fields than these. */
  static ObjectNode read(InputStream in, Set<String> names) throws IOException {
    JsonNode node;
    try {
      node = MAPPER.readTree(in);
    } catch (JsonProcessingException e) {
      throw unreadable(e);
    }
    if (!(node instanceof ObjectNode object)) {
      throw Problem.badRequest("the body is not a JSON object");
    }
    for (Iterator<String> fields = object.fieldNames(); fields.hasNext(); ) {
      String name = fields.next();
      if (!names.contains(name)) {
        throw Problem.badRequest("the body has a field that is unknown here; known: " + names);
      }
    }
    return object;
  }

  /** Where the text stops to be JSON; not what stands there. */
  static Problem unreadable(JsonProcessingException e) {
    String where =
        e.getLocation() == null
            ? ""
            : " at line "
                + e.getLocation().getLineNr()
                + ", column "
                + e.getLocation().getColumnNr();
    return Problem.badRequest("the body is not JSON that can be read" + where);
  }

  static @Nullable String text(ObjectNode object, String name) {
    JsonNode value = object.get(name);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw Problem.badRequest(name + " must be a string");
    }
    return value.textValue();
  }

  static String needText(ObjectNode object, String name) {
    String text = text(object, name);
    if (text == null || text.isBlank()) {
      throw Problem.badRequest(name + " is missing");
    }
    return text;
  }

  static int number(ObjectNode object, String name, int otherwise, int min, int max) {
    JsonNode value = object.get(name);
    if (value == null) {
      return otherwise;
    }
    if (!value.isIntegralNumber()
        || !value.canConvertToInt()
        || value.intValue() < min
        || value.intValue() > max) {
      throw Problem.badRequest(name + " must be a whole number from " + min + " to " + max);
    }
    return value.intValue();
  }
}
