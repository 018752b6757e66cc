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

  private SystemAttributes() {}

  /** 1 if SQS does not say. */
  public static int receiveCount(Map<String, String> attributes) {
    String count = attributes.get(RECEIVE_COUNT);
    return count == null ? 1 : Integer.parseInt(count);
  }

  /** In milliseconds since 1970; null if SQS does not say. */
  public static @Nullable Long sentAtMillis(Map<String, String> attributes) {
    String sentAt = attributes.get(SENT_TIMESTAMP);
    return sentAt == null ? null : Long.valueOf(sentAt);
  }
}
