package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.time.Duration;

/** What is left to be done for a job that has been settled. */
public sealed interface Fate {
  /** It has ended: its message may be deleted. */
  Fate ENDED = new Ended();

  /** The lease, or the claim, was over first: nothing more may be said of it. */
  Fate LOST = new Lost();

  /** Its result or dead letter was accepted, or there was none to be sent. */
  record Ended() implements Fate {}

  /** It was lost before it was settled. */
  record Lost() implements Fate {}

  /**
   * Its attempt failed, and it is to be tried again.
   *
   * @param told when that is sure
   */
  record Retry(Duration delay, WorkEvent told) implements Fate {}

  /**
   * It goes back to the queue, unharmed.
   *
   * @param told when that is sure
   * @param tried true if an attempt was made all the same
   */
  record GoesBack(Duration delay, WorkEvent told, boolean tried) implements Fate {
    /** Without an attempt. */
    public GoesBack(Duration delay, WorkEvent told) {
      this(delay, told, false);
    }
  }
}
