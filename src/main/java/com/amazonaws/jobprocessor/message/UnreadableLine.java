package com.amazonaws.jobprocessor.message;

/** A line of a pack that is no job, or no result; the message says why, and quotes nothing. */
public final class UnreadableLine extends Exception {
  private static final long serialVersionUID = 1L;

  UnreadableLine(String why) {
    super(why, null, false, false);
  }
}
