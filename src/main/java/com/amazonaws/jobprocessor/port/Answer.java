package com.amazonaws.jobprocessor.port;

/** What SQS says to one entry of a batch. */
public sealed interface Answer {
  /** Done. */
  Answer ACCEPTED = new Accepted("");

  /**
   * Done, as far as SQS says.
   *
   * @param messageId of a message that was sent; else empty
   */
  record Accepted(String messageId) implements Answer {}

  /** SQS will never take this entry: its content or its receipt handle is at fault. */
  record Refused(String code, String message) implements Answer {}

  /** Not this time: the service is at fault. */
  record Failed(String code, String message) implements Answer {}
}
