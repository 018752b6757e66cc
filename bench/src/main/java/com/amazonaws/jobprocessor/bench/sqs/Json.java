package com.amazonaws.jobprocessor.bench.sqs;

/** Writes JSON. */
public final class Json {
  private Json() {}

  /** Appends a string in its quotes. */
  public static StringBuilder quote(StringBuilder json, String text) {
    json.append('"');
    int from = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == '"' || c == '\\') {
        json.append(text, from, i);
        from = i + 1;
        escape(json, c);
      }
    }
    return json.append(text, from, text.length()).append('"');
  }

  private static void escape(StringBuilder json, char c) {
    switch (c) {
      case '"', '\\' -> json.append('\\').append(c);
      case '\n' -> json.append("\\n");
      case '\r' -> json.append("\\r");
      case '\t' -> json.append("\\t");
      default -> json.append("\\u00").append(Character.forDigit(c >> 4, 16)).append(hex(c & 15));
    }
  }

  private static char hex(int digit) {
    return Character.forDigit(digit, 16);
  }

  /** Appends {@code "name":"text"}; with a comma before it unless it is an object's first. */
  public static StringBuilder member(StringBuilder json, String name, String text) {
    return quote(name(json, name), text);
  }

  /** Appends {@code "name":}; with a comma before it unless it is an object's first. */
  public static StringBuilder name(StringBuilder json, String name) {
    separate(json).append('"').append(name).append("\":");
    return json;
  }

  /** Appends a comma unless an object or a list has just begun. */
  public static StringBuilder separate(StringBuilder json) {
    char last = json.isEmpty() ? '{' : json.charAt(json.length() - 1);
    return last == '{' || last == '[' ? json : json.append(',');
  }
}
