package com.amazonaws.jobprocessor;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The fields of a job definition that is one JSON object, as the client library's {@code
 * enqueue(Map)} writes it: {@code {"from":"a.tif","to":"a.png"}}.
 *
 * <p>Reading is strict (RFC 8259), takes time and memory in proportion to the text, and refuses
 * what two readers might take for different things: a name that comes twice, half of a surrogate
 * pair, text behind the object. Values are strings; a number, {@code true} or {@code false}, which
 * other senders may write, is given as the text that stands there ({@code 1.50} is {@code "1.50"}).
 * {@code null}, objects and arrays are refused. Whatever is refused is a {@link
 * PermanentJobFailure}, since no further attempt can help.
 */
public final class JobFields {
  private static final int MAX_SHOWN = 60;

  private final Map<String, String> fields;

  private JobFields(Map<String, String> fields) {
    this.fields = Collections.unmodifiableMap(fields);
  }

  /**
   * Reads a job definition.
   *
   * @throws PermanentJobFailure if it is not one JSON object of strings, numbers and booleans; the
   *     message says where and why
   */
  public static JobFields of(String jobDefinition) {
    return new JobFields(new Reader(jobDefinition).object());
  }

  /**
   * The value of a field that the job must have.
   *
   * @throws PermanentJobFailure if it has none of the name
   */
  public String get(String name) {
    return find(name)
        .orElseThrow(() -> new PermanentJobFailure("the job has no field " + shown(name)));
  }

  /** The value of a field, or another text if the job has none of the name. */
  public String get(String name, String otherwise) {
    return find(name).orElse(otherwise);
  }

  /** The value of a field, if the job has one of the name. */
  public Optional<String> find(String name) {
    return Optional.ofNullable(fields.get(name));
  }

  /** All fields, in their order in the text; not to be changed. */
  public Map<String, String> asMap() {
    return fields;
  }

  private static String shown(String text) {
    return '"' + (text.length() > MAX_SHOWN ? text.substring(0, MAX_SHOWN) + "..." : text) + '"';
  }

  /** Goes through the text once. It calls itself nowhere, so that no text is too deep. */
  private static final class Reader {
    private final String text;
    private int at;

    Reader(String text) {
      this.text = text;
    }

    Map<String, String> object() {
      Map<String, String> fields = new LinkedHashMap<>();
      skipBlanks();
      expect('{');
      skipBlanks();
      if (!take('}')) {
        do {
          skipBlanks();
          int start = at;
          String name = string();
          skipBlanks();
          expect(':');
          skipBlanks();
          if (fields.putIfAbsent(name, value(name)) != null) {
            at = start;
            throw refused("the name " + shown(name) + " comes twice");
          }
          skipBlanks();
        } while (take(','));
        expect('}');
      }
      skipBlanks();
      if (at < text.length()) {
        throw refused("there is more behind the object");
      }
      return fields;
    }

    private String value(String name) {
      char first = at < text.length() ? text.charAt(at) : ' ';
      if (first == '"') {
        return string();
      }
      if (first == '-' || isDigit(first)) {
        return number();
      }
      for (String word : new String[] {"true", "false"}) {
        if (text.startsWith(word, at)) {
          at += word.length();
          return word;
        }
      }
      if (first == '{' || first == '[' || text.startsWith("null", at)) {
        throw refused("the value of " + shown(name) + " is no string, number, true or false");
      }
      throw refused("a value is missing");
    }

    private String number() {
      int start = at;
      take('-');
      if (!take('0')) {
        digits();
      }
      if (take('.')) {
        digits();
      }
      if (take('e') || take('E')) {
        if (!take('+')) {
          take('-');
        }
        digits();
      }
      return text.substring(start, at);
    }

    private void digits() {
      int start = at;
      while (at < text.length() && isDigit(text.charAt(at))) {
        at++;
      }
      if (at == start) {
        throw refused("a digit is missing");
      }
    }

    private String string() {
      expect('"');
      StringBuilder value = new StringBuilder();
      while (true) {
        if (at == text.length()) {
          throw refused("a string does not end");
        }
        char c = text.charAt(at);
        if (c == '"') {
          break;
        }
        if (c < ' ') {
          throw refused("a string has a control character that is not escaped");
        }
        at++;
        value.append(c == '\\' ? escaped() : c);
      }
      for (int i = 0; i < value.length(); i += Character.charCount(value.codePointAt(i))) {
        if (Character.getType(value.codePointAt(i)) == Character.SURROGATE) {
          throw refused("the string before has half of a surrogate pair");
        }
      }
      at++;
      return value.toString();
    }

    private char escaped() {
      if (at == text.length()) {
        throw refused("a string does not end");
      }
      char c = text.charAt(at);
      int simple = "\"\\/bfnrt".indexOf(c);
      if (simple >= 0) {
        at++;
        return "\"\\/\b\f\n\r\t".charAt(simple);
      }
      if (c != 'u') {
        throw refused("there is no such escape");
      }
      int code = 0;
      for (int i = 1; i <= 4; i++) {
        char hex = at + i < text.length() ? text.charAt(at + i) : ' ';
        int digit = hex < 0x80 ? Character.digit(hex, 16) : -1;
        if (digit < 0) {
          throw refused("an escape needs four hexadecimal digits");
        }
        code = code << 4 | digit;
      }
      at += 5;
      return (char) code;
    }

    private static boolean isDigit(char c) {
      return c >= '0' && c <= '9';
    }

    private void skipBlanks() {
      while (at < text.length() && " \t\n\r".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private boolean take(char c) {
      boolean there = at < text.length() && text.charAt(at) == c;
      at += there ? 1 : 0;
      return there;
    }

    private void expect(char c) {
      if (!take(c)) {
        throw refused("expected " + c);
      }
    }

    private PermanentJobFailure refused(String why) {
      return new PermanentJobFailure(
          "the job is not one JSON object of texts: " + why + ", at character " + (at + 1));
    }
  }
}
