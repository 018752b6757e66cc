package com.amazonaws.jobprocessor.testkit;

import java.time.Duration;

/** A status or a delay for the next few requests of a path of {@link FakeImds}, or of all. */
final class ImdsTrouble {
  private final String path;
  private final int status;
  private final Duration delay;
  private int left;

  ImdsTrouble(String path, int status, Duration delay, int left) {
    this.path = path;
    this.status = status;
    this.delay = delay;
    this.left = left;
  }

  int status() {
    return status;
  }

  Duration delay() {
    return delay;
  }

  synchronized boolean strikes(String requested) {
    if (left == 0 || !(path.isEmpty() || requested.startsWith(path))) {
      return false;
    }
    left--;
    return true;
  }
}
