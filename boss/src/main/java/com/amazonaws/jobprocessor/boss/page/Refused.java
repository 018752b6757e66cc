package com.amazonaws.jobprocessor.boss.page;

/** Why a request is not answered as it wants: a page of its own says so. */
final class Refused extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;

  /** A refusal with a sentence for people. */
  Refused(int status, String why) {
    super(why, null, false, false);
    this.status = status;
  }

  static Refused notFound(String what) {
    return new Refused(404, "There is no " + what + ".");
  }

  int status() {
    return status;
  }
}
