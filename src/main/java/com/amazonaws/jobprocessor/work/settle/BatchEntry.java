package com.amazonaws.jobprocessor.work.settle;

/** Something to be sent in a batch. */
interface BatchEntry {
  /** Bytes that count towards SQS's limit of a batch. */
  int bytes();

  /** True if it may not be sent any more. */
  boolean isExpired(long now);

  /**
   * True if it may be sent once more after a call that brought no answer, so that it may have had
   * its effect; else {@link Sent#UNKNOWN} is what comes of it.
   */
  default boolean mayRepeat() {
    return true;
  }

  /**
   * True if it is to be sent no more once SQS has said no to it for a reason that may pass: then
   * {@link Sent.GivenUp} is what comes of it.
   */
  default boolean givesUp(long now) {
    return false;
  }
}
