package com.amazonaws.jobprocessor.status;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Map;

/**
 * An answer of the status server, without the headers that all answers have.
 *
 * @param status of HTTP
 * @param contentType with its charset
 * @param headers further ones, in place of those that all answers have; perhaps none
 */
public record Reply(int status, String contentType, String body, Map<String, String> headers) {
  public static final String HTML = "text/html; charset=utf-8";
  static final String CSS = "text/css; charset=utf-8";
  static final String SCRIPT = "text/javascript; charset=utf-8";
  public static final String PLAIN = "text/plain; charset=utf-8";
  static final String JSON = "application/json";

  /** Copies the headers. */
  public Reply {
    headers = Map.copyOf(headers);
  }

  /** An answer without further headers. */
  public Reply(int status, String contentType, String body) {
    this(status, contentType, body, Map.of());
  }

  /** A line of text. */
  static Reply line(int status, String line) {
    return new Reply(status, PLAIN, line + "\n");
  }

  /** The body as it is sent. */
  byte[] bytes() {
    return body.getBytes(UTF_8);
  }
}
