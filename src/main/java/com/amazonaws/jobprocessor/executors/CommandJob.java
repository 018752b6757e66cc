package com.amazonaws.jobprocessor.executors;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.amazonaws.jobprocessor.JobContext;

/**
 * A job as a line of JSON, made piece by piece.
 *
 * <p>All of it is ASCII: a program needs no right locale to read it, and libraries that take U+2028
 * for the end of a line, as readline of Node.js does, see one line.
 */
final class CommandJob {
  private static final char[] HEX = "0123456789abcdef".toCharArray();
  private static final byte[] END = {'"', '}', '\n'};

  /** Six for a character: an escape. */
  private static final int MAX_BYTES_PER_CHARACTER = 6;

  private final byte[] head;
  private final String body;
  private int headAt;
  private int bodyAt;
  private int endAt;

  CommandJob(String body, JobContext job) {
    this.head = head(job);
    this.body = body;
  }

  private static byte[] head(JobContext job) {
    String id = job.jobId();
    String messageId = job.messageId();
    byte[] text = new byte[80 + MAX_BYTES_PER_CHARACTER * (id.length() + messageId.length())];
    int at = put("{\"job_id\":\"", text, 0);
    at = escape(id, text, at);
    at = put("\",\"job_message_id\":\"", text, at);
    at = escape(messageId, text, at);
    at = put("\",\"attempt\":" + job.attempt() + ",\"body\":\"", text, at);
    return java.util.Arrays.copyOf(text, at);
  }

  private static int put(String text, byte[] to, int at) {
    byte[] bytes = text.getBytes(US_ASCII);
    System.arraycopy(bytes, 0, to, at, bytes.length);
    return at + bytes.length;
  }

  private static int escape(String text, byte[] to, int from) {
    int at = from;
    for (int i = 0; i < text.length(); i++) {
      at = escape(text.charAt(i), to, at);
    }
    return at;
  }

  private static int escape(char c, byte[] to, int from) {
    int at = from;
    if (c == '"' || c == '\\') {
      to[at++] = '\\';
      to[at++] = (byte) c;
    } else if (c == '\n') {
      to[at++] = '\\';
      to[at++] = 'n';
    } else if (c >= ' ' && c < 0x7F) {
      to[at++] = (byte) c;
    } else {
      to[at++] = '\\';
      to[at++] = 'u';
      for (int shift = 12; shift >= 0; shift -= 4) {
        to[at++] = (byte) HEX[c >> shift & 0xF];
      }
    }
    return at;
  }

  /**
   * Writes as much of what is left as fits.
   *
   * @param limit where to stop, from 8 to the buffer's length
   * @return how many bytes were written; 0 if nothing is left
   */
  int fill(byte[] buffer, int limit) {
    int at = Math.min(head.length - headAt, limit);
    System.arraycopy(head, headAt, buffer, 0, at);
    headAt += at;
    while (bodyAt < body.length() && at + MAX_BYTES_PER_CHARACTER <= limit) {
      at = escape(body.charAt(bodyAt++), buffer, at);
    }
    while (bodyAt == body.length() && endAt < END.length && at < limit) {
      buffer[at++] = END[endAt++];
    }
    return at;
  }

  /** Whether all has been written. */
  boolean isDone() {
    return endAt == END.length;
  }
}
