package com.amazonaws.jobprocessor.faults;

/** What must never happen has happened. */
final class BrokenPromise extends RuntimeException {
  private static final long serialVersionUID = 1L;

  BrokenPromise(String what) {
    super(what);
  }
}
