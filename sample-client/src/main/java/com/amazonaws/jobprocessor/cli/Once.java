package com.amazonaws.jobprocessor.cli;

import java.util.concurrent.atomic.AtomicBoolean;

/** Runs the first time only. */
record Once(Runnable action, AtomicBoolean done) implements Runnable {
  Once(Runnable action) {
    this(action, new AtomicBoolean());
  }

  @Override
  public void run() {
    if (done.compareAndSet(false, true)) {
      action.run();
    }
  }
}
