package com.amazonaws.jobprocessor.status.http;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Map;

/** Writes the head of an answer. */
final class ResponseHead {
  static final byte[] CONTINUE = "HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1);

  private ResponseHead() {}

  /**
   * The head with all that follows from how connections are used here.
   *
   * @param headers by their names; of nobody else's making
   */
  static byte[] of(int status, Map<String, String> headers, int contentLength) {
    StringBuilder head = new StringBuilder(1_024);
    head.append("HTTP/1.1 ").append(status).append(' ').append(reason(status)).append("\r\n");
    headers.forEach((name, value) -> line(head, name, value));
    line(head, "Connection", "close");
    line(head, "Content-Length", Integer.toString(contentLength));
    return head.append("\r\n").toString().getBytes(ISO_8859_1);
  }

  private static void line(StringBuilder head, String name, String value) {
    if (value.indexOf('\r') >= 0 || value.indexOf('\n') >= 0) {
      throw new IllegalArgumentException("a header of two lines: " + name);
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 202 -> "Accepted";
      case 303 -> "See Other";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 409 -> "Conflict";
      case 411 -> "Length Required";
      case 413 -> "Content Too Large";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      case 505 -> "HTTP Version Not Supported";
      default -> "";
    };
  }
}
