package com.amazonaws.jobprocessor.bench;

/** A worker did not do what it was to do; the message says what. */
final class TrialFailed extends Exception {
  private static final long serialVersionUID = 1;

  TrialFailed(String message) {
    super(message);
  }
}
