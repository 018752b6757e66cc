package com.amazonaws.jobprocessor.message;

import java.util.Map;
import java.util.Set;

/** The names, limits and characters of the messages that worker and clients exchange. */
public final class MessageFormat {
  /** The job's id: optional on a job, always there on a result and on a dead letter. */
  public static final String JOB_ID = "job_id";

  /** The MessageId of the job's message in the backlog queue. */
  public static final String JOB_MESSAGE_ID = "job_message_id";

  /** Who ran the job: the instance id, elsewhere host name and process id. */
  public static final String WORKER_ID = "worker_id";

  /** How many attempts were made, a decimal number. */
  public static final String ATTEMPTS = "attempts";

  /** How long the last attempt took, on a result: milliseconds, a decimal number. */
  public static final String DURATION_MILLIS = "duration_millis";

  /** {@code true} on a result whose text is empty and was sent as one space. */
  public static final String EMPTY_RESULT = "empty_result";

  /** On a dead letter: the class of the exception, or a name of ours such as {@code WorkerDied}. */
  public static final String ERROR_TYPE = "error_type";

  /** On a dead letter: what went wrong, at most 1 KiB. */
  public static final String ERROR_MESSAGE = "error_message";

  /** On a dead letter: the name of the queue that the job came from, and goes back to. */
  public static final String BACKLOG = "backlog";

  /**
   * The names that are ours: sending a dead letter back to the backlog strips all but {@link
   * #JOB_ID}.
   */
  public static final Set<String> RESERVED =
      Set.of(
          JOB_ID,
          JOB_MESSAGE_ID,
          WORKER_ID,
          ATTEMPTS,
          DURATION_MILLIS,
          EMPTY_RESULT,
          ERROR_TYPE,
          ERROR_MESSAGE,
          BACKLOG);

  /**
   * The largest message, body and attributes together, and the largest batch, in bytes (SQS quota
   * since 2025).
   */
  public static final int MAX_BYTES = 1024 * 1024;

  /** Entries of one batch (SQS quota). */
  public static final int MAX_BATCH = 10;

  /** Message attributes of one message (SQS quota). */
  public static final int MAX_ATTRIBUTES = 10;

  private static final int MAX_JOB_ID = 256;

  private MessageFormat() {}

  /**
   * True if every character is one that SQS accepts: #x9, #xA, #xD, #x20 to #xD7FF, #xE000 to
   * #xFFFD, #x10000 to #x10FFFF (SendMessage in the SQS API reference).
   */
  public static boolean isSendable(String text) {
    for (int i = 0; i < text.length(); ) {
      char first = text.charAt(i);
      if (first >= ' ' && first < Character.MIN_SURROGATE) {
        i++; // nearly every character of nearly every text
      } else {
        int c = text.codePointAt(i);
        if (!isSendable(c)) {
          return false;
        }
        i += Character.charCount(c);
      }
    }
    return true;
  }

  /** The text with each character that SQS refuses replaced by U+FFFD. */
  public static String sendable(String text) {
    if (isSendable(text)) {
      return text;
    }
    StringBuilder clean = new StringBuilder(text.length());
    text.codePoints().forEach(c -> clean.appendCodePoint(isSendable(c) ? c : 0xFFFD));
    return clean.toString();
  }

  private static boolean isSendable(int c) {
    return c >= 0x20
        ? c <= 0xD7FF || (c >= 0xE000 && c <= 0xFFFD) || c >= 0x10000
        : c == 0x9 || c == 0xA || c == 0xD;
  }

  /**
   * True if the text may be a job's id: 1 to 256 characters, all printable (a space is, a line feed
   * is not).
   */
  public static boolean isJobId(String text) {
    int length = text.codePointCount(0, text.length());
    return length >= 1 && length <= MAX_JOB_ID && isSendable(text) && Printable.isPrintable(text);
  }

  /**
   * The longest beginning of the text that has at most so many bytes in UTF-8, cut between
   * characters.
   */
  public static String cut(String text, int maxBytes) {
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      int c = text.codePointAt(i);
      bytes += utf8Length(c);
      if (bytes > maxBytes) {
        return text.substring(0, i);
      }
      i += Character.charCount(c);
    }
    return text;
  }

  /** Bytes of the text in UTF-8. */
  public static int utf8Length(String text) {
    int bytes = 0;
    for (int i = 0; i < text.length(); ) {
      char first = text.charAt(i);
      if (first < 0x80) {
        bytes++;
        i++;
      } else {
        int c = text.codePointAt(i);
        bytes += utf8Length(c);
        i += Character.charCount(c);
      }
    }
    return bytes;
  }

  private static int utf8Length(int c) {
    return c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
  }

  /**
   * Bytes of a message that count towards {@link #MAX_BYTES}: its body and each attribute's name,
   * type and value.
   */
  public static int size(String body, Map<String, Attribute> attributes) {
    int bytes = utf8Length(body);
    for (Map.Entry<String, Attribute> attribute : attributes.entrySet()) {
      bytes += attribute.getValue().size(attribute.getKey());
    }
    return bytes;
  }
}
