package com.amazonaws.jobprocessor.bench.sqs;

/** Where the answer to one request goes. */
interface Reply {
  /** Answers; at most once. */
  void ok(String json);

  /** Refuses; instead of {@link #ok}. */
  void refuse(SqsError error);

  /** Whether somebody still waits for the answer. */
  boolean isOpen();
}
