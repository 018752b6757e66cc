package com.amazonaws.jobprocessor.aws;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What SQS itself says of a message, by the names of its API. */
public final class SystemAttributes {
  /** How often the message has been received. */
  public static final String RECEIVE_COUNT = "ApproximateReceiveCount";

  /** When it was sent. */
  public static final String SENT_TIMESTAMP = "SentTimestamp";

  /** The group of a FIFO queue's message. */
  public static final String GROUP = "MessageGroupId";

  /** The years 2000 to 2999. */
  private static final long FIRST_MILLIS = 946_684_800_000L;

  private static final long LAST_MILLIS = 32_503_680_000_000L;

  private SystemAttributes() {}

  /** 1 if SQS does not say. */
  public static int receiveCount(Map<String, String> attributes) {
    String count = attributes.get(RECEIVE_COUNT);
    return count == null ? 1 : Integer.parseInt(count);
  }

  /** In milliseconds since 1970; null if SQS does not say, or an emulator in another unit. */
  public static @Nullable Long sentAtMillis(Map<String, String> attributes) {
    String sentAt = attributes.get(SENT_TIMESTAMP);
    long millis = sentAt == null ? 0 : Long.parseLong(sentAt);
    return millis >= FIRST_MILLIS && millis < LAST_MILLIS ? millis : null;
  }
}
