package com.amazonaws.jobprocessor.fleet;

/** What was asked for on the page is not done; the message says why, in plain words. */
public final class Refused extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * Not done.
   *
   * @param why a sentence without its point
   */
  public Refused(String why) {
    super(why);
  }

  /** The same as a sentence without its point. */
  public String why() {
    return String.valueOf(getMessage());
  }
}
