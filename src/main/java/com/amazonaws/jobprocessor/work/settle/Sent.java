package com.amazonaws.jobprocessor.work.settle;

/** What came of an entry that was to be sent. */
sealed interface Sent {
  Sent ACCEPTED = new Accepted();
  Sent EXPIRED = new Expired();
  Sent UNKNOWN = new Unknown();

  /** SQS has taken it. */
  record Accepted() implements Sent {}

  /** SQS will never take it. */
  record Refused(String code, String message) implements Sent {}

  /** SQS has said no for long, for a reason that may pass. */
  record GivenUp(String code, String message) implements Sent {}

  /** It expired before it could be sent. */
  record Expired() implements Sent {}

  /** A call with it brought no answer. */
  record Unknown() implements Sent {}
}
