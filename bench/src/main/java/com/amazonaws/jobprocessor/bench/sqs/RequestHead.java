package com.amazonaws.jobprocessor.bench.sqs;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import org.jspecify.annotations.Nullable;

/**
 * What counts in the head of an HTTP request.
 *
 * @param length of the head, in bytes, its empty line included
 * @param bodyLength in bytes; -1 if the request does not say, or is chunked
 * @param action the action's name, or an empty text
 * @param caller the access key id, or an empty text
 * @param expectsContinue whether the client waits for leave to send the body
 */
record RequestHead(
    int length, int bodyLength, String action, String caller, boolean expectsContinue) {
  private static final byte[] CONTENT_LENGTH = "content-length".getBytes(ISO_8859_1);
  private static final byte[] TARGET = "x-amz-target".getBytes(ISO_8859_1);
  private static final byte[] AUTHORIZATION = "authorization".getBytes(ISO_8859_1);
  private static final byte[] EXPECT = "expect".getBytes(ISO_8859_1);
  private static final String CREDENTIAL = "Credential=";

  /** The head at the beginning of the bytes, or null if it is not there as a whole yet. */
  static @Nullable RequestHead read(byte[] bytes, int count) {
    int end = end(bytes, count);
    if (end < 0) {
      return null;
    }
    int bodyLength = -1;
    String action = "";
    String caller = "";
    boolean expectsContinue = false;
    for (int line = nextLine(bytes, 0, end); line < end; line = nextLine(bytes, line, end)) {
      if (isNamed(bytes, line, CONTENT_LENGTH)) {
        bodyLength = Integer.parseInt(value(bytes, line + CONTENT_LENGTH.length));
      } else if (isNamed(bytes, line, TARGET)) {
        String target = value(bytes, line + TARGET.length);
        action = target.substring(target.lastIndexOf('.') + 1);
      } else if (isNamed(bytes, line, AUTHORIZATION)) {
        caller = accessKey(value(bytes, line + AUTHORIZATION.length));
      } else if (isNamed(bytes, line, EXPECT)) {
        expectsContinue = true;
      }
    }
    return new RequestHead(end, bodyLength, action, caller, expectsContinue);
  }

  private static int end(byte[] bytes, int count) {
    for (int i = 3; i < count; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\r' && bytes[i - 2] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static int nextLine(byte[] bytes, int from, int end) {
    int i = from;
    while (i < end && bytes[i] != '\n') {
      i++;
    }
    return i + 1;
  }

  private static boolean isNamed(byte[] bytes, int line, byte[] name) {
    if (line + name.length >= bytes.length || bytes[line + name.length] != ':') {
      return false;
    }
    for (int i = 0; i < name.length; i++) {
      if (Character.toLowerCase(bytes[line + i]) != name[i]) {
        return false;
      }
    }
    return true;
  }

  private static String value(byte[] bytes, int colon) {
    int end = colon;
    while (bytes[end] != '\n') {
      end++;
    }
    return new String(bytes, colon + 1, end - colon - 1, ISO_8859_1).strip();
  }

  private static String accessKey(String authorization) {
    int from = authorization.indexOf(CREDENTIAL);
    int to = authorization.indexOf('/', from);
    return from < 0 || to < 0 ? "" : authorization.substring(from + CREDENTIAL.length(), to);
  }
}
