package com.amazonaws.jobprocessor.fleet;

/**
 * What was asked for on the page may be done and may be not: AWS was called, and has not said. The
 * same order is safe to give again.
 */
public final class Unanswered extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Nobody knows.
   *
   * @param why what became of the call, as a sentence without its point
   */
  public Unanswered(String why) {
    super(why);
  }

  /** The same as a sentence without its point. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
