package com.amazonaws.jobprocessor.work.room;

/** What comes of offering a job to the slots. */
public enum Offer {
  /** The job is in the line. */
  TAKEN,
  /** The worker stops. */
  CLOSED,
  /** There are too many suspects in the line. */
  TOO_MANY_SUSPECTS
}
