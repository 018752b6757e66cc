package com.amazonaws.jobprocessor.client;

/** What became of a job that was to be cancelled. */
public sealed interface Cancellation {
  /** It will not run: a worker that receives it deletes its message, and sends nothing. */
  record Cancelled() implements Cancellation {}

  /** A worker runs it, and it goes on: nothing was written. */
  record Running() implements Cancellation {}

  /**
   * It has ended already: nothing was written.
   *
   * @param state {@code SUCCEEDED} or {@code DEAD}
   */
  record Ended(JobStatus.State state) implements Cancellation {}

  /**
   * The table had no record of it: there is one now, which is kept for 15 days, so that a job of
   * this id that arrives later, or waits in the queue, will not run either.
   */
  record Unknown() implements Cancellation {}

  /** Its record is in a state that this version does not know: nothing was written. */
  record LeftAlone(String state) implements Cancellation {}
}
