package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URLDecoder;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** As much of HTTP/1.1 as an SDK client and an emulator speak to each other. */
final class Http {

  record Header(String name, String value) {}

  /** One request or one answer: its first line, its headers, its whole body. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Message(String firstLine, List<Header> headers, byte[] body) {

    String header(String name) {
      for (Header header : headers) {
        if (header.name().equalsIgnoreCase(name)) {
          return header.value();
        }
      }
      return "";
    }

    String method() {
      return firstLine.substring(0, firstLine.indexOf(' '));
    }

    int status() {
      return Integer.parseInt(firstLine.split(" ", 3)[1]);
    }

    boolean closes() {
      return header("Connection").equalsIgnoreCase("close");
    }

    boolean isJson() {
      return header("Content-Type").toLowerCase(Locale.ROOT).contains("json");
    }

    String text() {
      return new String(body, UTF_8);
    }

    Message withText(String text) {
      return new Message(firstLine, headers, text.getBytes(UTF_8));
    }

    /** The AWS action: of the JSON protocol, of the query protocol, or else the HTTP method. */
    String action() {
      String target = header("X-Amz-Target");
      if (!target.isEmpty()) {
        return target.substring(target.lastIndexOf('.') + 1);
      }
      if (header("Content-Type").contains("form-urlencoded")) {
        for (String pair : text().split("&", -1)) {
          if (pair.startsWith("Action=")) {
            return URLDecoder.decode(pair.substring("Action=".length()), UTF_8);
          }
        }
      }
      return method();
    }
  }

  private static final int LONGEST_LINE = 64 << 10;
  private static final List<String> PER_HOP =
      List.of("connection", "keep-alive", "transfer-encoding", "content-length", "expect");

  private Http() {}

  /** Reads one request, or null if the client has closed; answers Expect: 100-continue. */
  static Message readRequest(InputStream in, OutputStream out) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    List<Header> headers = headers(in);
    Message head = new Message(first, headers, new byte[0]);
    if (head.header("Expect").equalsIgnoreCase("100-continue")) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
      out.flush();
    }
    return new Message(first, headers, body(in, head, false));
  }

  static Message readAnswer(InputStream in, String method) throws IOException {
    String first = line(in);
    if (first == null) {
      throw new EOFException("closed before the answer");
    }
    Message head = new Message(first, headers(in), new byte[0]);
    int status = head.status();
    if (status == 100) {
      return readAnswer(in, method);
    }
    boolean empty = method.equals("HEAD") || status == 204 || status == 304;
    return empty ? head : new Message(first, head.headers(), body(in, head, true));
  }

  /** Writes head and body in one piece; the length is that of the body, except after HEAD. */
  static void write(OutputStream out, Message message, boolean answerToHead) throws IOException {
    StringBuilder head = new StringBuilder(message.firstLine()).append("\r\n");
    for (Header header : message.headers()) {
      if (!PER_HOP.contains(header.name().toLowerCase(Locale.ROOT))) {
        head.append(header.name()).append(": ").append(header.value()).append("\r\n");
      }
    }
    String length =
        answerToHead ? message.header("Content-Length") : Integer.toString(message.body().length);
    if (!length.isEmpty()) {
      head.append("Content-Length: ").append(length).append("\r\n");
    }
    head.append("\r\n");
    ByteArrayOutputStream all = new ByteArrayOutputStream(head.length() + message.body().length);
    all.writeBytes(head.toString().getBytes(ISO_8859_1));
    all.writeBytes(message.body());
    all.writeTo(out);
    out.flush();
  }

  private static List<Header> headers(InputStream in) throws IOException {
    List<Header> headers = new ArrayList<>();
    for (String line = needed(line(in)); !line.isEmpty(); line = needed(line(in))) {
      int colon = line.indexOf(':');
      headers.add(new Header(line.substring(0, colon).strip(), line.substring(colon + 1).strip()));
    }
    return headers;
  }

  private static byte[] body(InputStream in, Message head, boolean untilClosed) throws IOException {
    if (head.header("Transfer-Encoding").equalsIgnoreCase("chunked")) {
      return chunks(in);
    }
    String length = head.header("Content-Length");
    if (!length.isEmpty()) {
      return exactly(in, Integer.parseInt(length));
    }
    return untilClosed ? in.readAllBytes() : new byte[0];
  }

  private static byte[] chunks(InputStream in) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    int size;
    while ((size = Integer.parseInt(needed(line(in)).split(";", 2)[0].strip(), 16)) > 0) {
      all.writeBytes(exactly(in, size));
      line(in);
    }
    headers(in);
    return all.toByteArray();
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException("closed within a body");
    }
    return bytes;
  }

  private static String needed(String line) throws IOException {
    if (line == null) {
      throw new EOFException("closed within a head");
    }
    return line;
  }

  private static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder(80);
    int c;
    while ((c = in.read()) != '\n') {
      if (c < 0) {
        return null;
      }
      if (c != '\r') {
        line.append((char) c);
      }
      if (line.length() > LONGEST_LINE) {
        throw new IOException("no HTTP: a line of more than " + LONGEST_LINE + " characters");
      }
    }
    return line.toString();
  }
}
