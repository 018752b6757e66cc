package com.amazonaws.jobprocessor.aws.lean;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How JSON is read and written. */
final class Json {
  /** A message has at most 1 MiB, which an escape a character makes six times as long. */
  private static final int MAX_TEXT = 16 * 1024 * 1024;

  /** Ten messages of that size, from a server that has not heard of SQS's limit for all of them. */
  private static final long MAX_ANSWER = 64L * 1024 * 1024;

  static final JsonFactory FACTORY =
      new JsonFactoryBuilder()
          // Of all threads: calls are made on many, of which each would keep buffers of its own.
          .recyclerPool(JsonRecyclerPools.newConcurrentDequePool())
          // Or a message's text would be quoted in the log.
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          // Or what is left of an answer that is none would be read to its end.
          .disable(StreamReadFeature.AUTO_CLOSE_SOURCE)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxStringLength(MAX_TEXT)
                  .maxDocumentLength(MAX_ANSWER)
                  .build())
          .build();

  private Json() {}

  /** Reads the value of a member of an object. */
  interface Member {
    void read(JsonParser json, String name) throws IOException;
  }

  /** Reads one element of an array. */
  interface Element {
    void read(JsonParser json) throws IOException;
  }

  /**
   * Reads an object whose beginning is the current token; null is one without members, and so is an
   * answer without a body.
   *
   * @param member is at the member's value; what it leaves unread of that is skipped
   */
  static void object(JsonParser json, Member member) throws IOException {
    if (!isStart(json, JsonToken.START_OBJECT)) {
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      member.read(json, name);
    }
    expect(json, JsonToken.END_OBJECT);
  }

  /** Reads an array whose beginning is the current token; null is one without elements. */
  static void array(JsonParser json, Element element) throws IOException {
    if (!isStart(json, JsonToken.START_ARRAY)) {
      return;
    }
    while (json.nextToken() != JsonToken.END_ARRAY) {
      if (json.currentToken() == null) {
        expect(json, JsonToken.END_ARRAY);
      }
      element.read(json);
    }
  }

  /** The text of a value, as it is written if it is a number or a switch; null if it has none. */
  static @Nullable String text(JsonParser json) throws IOException {
    String text = json.getValueAsString();
    json.skipChildren();
    return text;
  }

  /** Those members of an object that have a text, as above. */
  static Map<String, String> texts(JsonParser json) throws IOException {
    Map<String, String> texts = new HashMap<>();
    object(
        json,
        (value, name) -> {
          String text = text(value);
          if (text != null) {
            texts.put(name, text);
          }
        });
    return texts;
  }

  private static boolean isStart(JsonParser json, JsonToken start) throws IOException {
    if (json.currentToken() == null || json.currentToken() == JsonToken.VALUE_NULL) {
      return false;
    }
    expect(json, start);
    return true;
  }

  private static void expect(JsonParser json, JsonToken token) throws IOException {
    if (json.currentToken() != token) {
      throw new JsonParseException(json, "expected " + token + ", found " + json.currentToken());
    }
  }
}
