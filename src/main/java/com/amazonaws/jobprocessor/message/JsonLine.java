package com.amazonaws.jobprocessor.message;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields that we know of a line that is one JSON object; whatever else it has is passed over.
 */
final class JsonLine {
  /**
   * A field's value and where it stands in the line.
   *
   * @param token what it is
   * @param text as it reads, escapes undone; empty of an array or an object
   * @param start where it begins in the line
   */
  record Value(JsonToken token, String text, int start) {
    private boolean isNull() {
      return token == JsonToken.VALUE_NULL;
    }
  }

  // Not by thread: the worker's are virtual, and each is a new one.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .recyclerPool(JsonRecyclerPools.sharedBoundedPool())
          .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
          .build();

  private final Map<String, Value> values = new HashMap<>();

  private JsonLine() {}

  /** Reads the named fields; of those that are {@code null} the line has nothing. */
  static JsonLine read(String line, Set<String> names) throws UnreadableLine {
    JsonLine read = new JsonLine();
    try (JsonParser parser = JSON.createParser(line)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new UnreadableLine("the line is not a JSON object");
      }
      for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
        JsonToken token = parser.nextToken();
        if (names.contains(name)) {
          read.put(name, token, parser);
        } else {
          parser.skipChildren();
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT) {
        throw new UnreadableLine("the line is not a complete JSON object");
      }
      if (parser.nextToken() != null) {
        throw new UnreadableLine("the line has text after its JSON object");
      }
      return read;
    } catch (JsonProcessingException e) {
      throw new UnreadableLine("the line is no JSON: " + whatIsWrong(e));
    } catch (IOException e) {
      throw new IllegalStateException(e); // it is in memory
    }
  }

  /** Without what the parser quotes, which may be anything. */
  private static String whatIsWrong(JsonProcessingException e) {
    int column = e.getLocation() == null ? -1 : e.getLocation().getColumnNr();
    return column < 1 ? "it is not well-formed" : "see column " + column;
  }

  private void put(String name, JsonToken token, JsonParser parser)
      throws IOException, UnreadableLine {
    int start = (int) parser.currentTokenLocation().getCharOffset();
    String text = token.isScalarValue() ? parser.getText() : "";
    parser.skipChildren();
    if (values.put(name, new Value(token, text, start)) != null) {
      throw new UnreadableLine("the line names " + name + " twice");
    }
  }

  /** A value as it was read; null if the line has none of the name, or says {@code null}. */
  @Nullable Value value(String name) {
    Value value = values.get(name);
    return value == null || value.isNull() ? null : value;
  }

  /** What the line has under the name, which may be {@code null}; null if it does not name it. */
  @Nullable Value named(String name) {
    return values.get(name);
  }

  /** A string, or null if the line has none of the name. */
  @Nullable String text(String name) throws UnreadableLine {
    Value value = value(name);
    if (value == null) {
      return null;
    }
    if (value.token() != JsonToken.VALUE_STRING) {
      throw new UnreadableLine(name + " is no string");
    }
    return value.text();
  }

  /** A string. */
  String needText(String name) throws UnreadableLine {
    String text = text(name);
    if (text == null) {
      throw new UnreadableLine("the line has no " + name);
    }
    return text;
  }

  /** A whole number from 0 to the given one; 0 if the line has none of the name. */
  long number(String name, long max) throws UnreadableLine {
    Value value = value(name);
    if (value == null) {
      return 0;
    }
    String text = value.text();
    if (value.token() == JsonToken.VALUE_NUMBER_INT
        && text.length() <= 18
        && text.charAt(0) != '-'
        && Long.parseLong(text) <= max) {
      return Long.parseLong(text);
    }
    throw new UnreadableLine(name + " is no whole number from 0 to " + max);
  }

  /** Writes a field and its string, and the comma before it. */
  static void write(StringBuilder line, String name, String text) {
    quote(begin(line, name), text);
  }

  /** A string as it stands in a line. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder();
    quote(quoted, text);
    return quoted.toString();
  }

  private static void quote(StringBuilder line, String text) {
    line.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, line);
    line.append('"');
  }

  /** Writes a field and its number, and the comma before it. */
  static void write(StringBuilder line, String name, long number) {
    begin(line, name).append(number);
  }

  /** Writes a field that is true, and the comma before it. */
  static void writeTrue(StringBuilder line, String name) {
    begin(line, name).append(true);
  }

  private static StringBuilder begin(StringBuilder line, String name) {
    if (line.charAt(line.length() - 1) != '{') {
      line.append(',');
    }
    return line.append('"').append(name).append("\":");
  }
}
