package com.amazonaws.jobprocessor.bench.sqs;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads the JSON of requests. Numbers and booleans are kept as their text. */
final class JsonParser {
  private static final int DEEPEST = 32;

  private final String text;
  private int at;

  private JsonParser(String text) {
    this.text = text;
  }

  /**
   * Reads a text that is one object.
   *
   * @throws SqsError if it is anything else
   */
  static JsonObject parse(String text) {
    JsonParser parser = new JsonParser(text);
    Object value = parser.value(0);
    if (value instanceof JsonObject object && parser.next() == 0) {
      return object;
    }
    throw parser.wrong();
  }

  /** The next character that is not blank, left where it is; 0 at the end. */
  private char next() {
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
        return c;
      }
    }
    return 0;
  }

  private SqsError wrong() {
    return SqsError.serialization("no JSON of a request at character " + at);
  }

  private @Nullable Object value(int depth) {
    if (depth > DEEPEST) {
      throw wrong();
    }
    return switch (next()) {
      case '"' -> string();
      case '{' -> object(depth);
      case '[' -> list(depth);
      default -> word();
    };
  }

  private JsonObject object(int depth) {
    JsonObject object = new JsonObject();
    at++;
    if (closes('}')) {
      return object;
    }
    do {
      if (next() != '"') {
        throw wrong();
      }
      String name = string();
      if (next() != ':') {
        throw wrong();
      }
      at++;
      Object value = value(depth + 1);
      if (value != null) {
        object.put(name, value);
      }
    } while (continues('}'));
    return object;
  }

  private List<Object> list(int depth) {
    List<Object> list = new ArrayList<>();
    at++;
    if (closes(']')) {
      return list;
    }
    do {
      Object value = value(depth + 1);
      if (value != null) {
        list.add(value);
      }
    } while (continues(']'));
    return list;
  }

  private boolean closes(char end) {
    if (next() != end) {
      return false;
    }
    at++;
    return true;
  }

  /** True after a comma, false after the end; nothing else may come. */
  private boolean continues(char end) {
    char c = next();
    if (c != ',' && c != end) {
      throw wrong();
    }
    at++;
    return c == ',';
  }

  private @Nullable String word() {
    int from = at;
    while (at < text.length() && ",]} \r\n\t".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    if (from == at) {
      throw wrong();
    }
    String word = text.substring(from, at);
    return word.equals("null") ? null : word;
  }

  private String string() {
    int from = ++at;
    for (; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == '"') {
        return text.substring(from, at++);
      }
      if (c == '\\') {
        return escaped(from);
      }
    }
    throw wrong();
  }

  private String escaped(int from) {
    StringBuilder string = new StringBuilder(text.length() - from).append(text, from, at);
    while (at < text.length()) {
      char c = text.charAt(at++);
      if (c == '"') {
        return string.toString();
      }
      string.append(c == '\\' ? escape() : c);
    }
    throw wrong();
  }

  private char escape() {
    if (at >= text.length()) {
      throw wrong();
    }
    char c = text.charAt(at++);
    return switch (c) {
      case 'n' -> '\n';
      case 't' -> '\t';
      case 'r' -> '\r';
      case 'b' -> '\b';
      case 'f' -> '\f';
      case '"', '\\', '/' -> c;
      case 'u' -> unicode();
      default -> throw wrong();
    };
  }

  private char unicode() {
    try {
      char c = (char) Integer.parseInt(text, at, at + 4, 16);
      at += 4;
      return c;
    } catch (NumberFormatException | IndexOutOfBoundsException _) {
      throw wrong();
    }
  }
}
