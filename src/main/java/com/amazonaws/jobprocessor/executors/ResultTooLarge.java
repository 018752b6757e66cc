package com.amazonaws.jobprocessor.executors;

/** The answer to a job is larger than any message can carry. */
public final class ResultTooLarge extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure that names what was too large. */
  ResultTooLarge(String what) {
    super(what + " has more than " + Collected.MAX_RESULT / (1024 * 1024) + " MiB");
  }
}
