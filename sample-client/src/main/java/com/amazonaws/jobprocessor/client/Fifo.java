package com.amazonaws.jobprocessor.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** What a message of a FIFO queue carries beside the job. */
record Fifo(String group, String deduplicationId) {
  /** MessageGroupId and MessageDeduplicationId: 1 to 128 of these (SendMessage, API reference). */
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,128}");

  /** True if SQS wants messages of this queue to have a group. */
  static boolean isFifo(String queue) {
    return queue.endsWith(".fifo");
  }

  /**
   * A job in the given group, or in a group of its own; one of its id is enough for five minutes.
   */
  static Fifo of(String group, String jobId) {
    return new Fifo(group == null ? token(jobId) : group, token(jobId));
  }

  /** True if it may be the name of a group. */
  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  private static String token(String text) {
    if (isToken(text)) {
      return text;
    }
    try {
      byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }
}
