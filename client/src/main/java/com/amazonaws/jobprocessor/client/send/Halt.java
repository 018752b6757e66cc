package com.amazonaws.jobprocessor.client.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Whether somebody wants a submission, or a reading, to end early: then it tries nothing again. */
public interface Halt {
  /** A call that is waited for until it is closed. */
  interface UnderWay extends AutoCloseable {
    @Override
    void close();
  }

  /** True if the end is asked for. */
  boolean isAsked();

  /** Waits for so long, or until the end is asked for; true if it is. */
  boolean await(Duration time) throws InterruptedException;

  /** Marks a call to be waited for; to be closed at its end. */
  UnderWay callUnderWay();

  /** What is to be done at last if whoever asked for the end waits for it in vain. */
  default void addLastResort(Runnable action) {
    // nobody waits
  }

  /** There is nothing left to do for an action that was added. */
  default void removeLastResort(Runnable action) {
    // nobody waits
  }

  /** Nobody asks for an early end. */
  static Halt never() {
    CountDownLatch asked = new CountDownLatch(1);
    return new Halt() {
      @Override
      public boolean isAsked() {
        return false;
      }

      @Override
      public boolean await(Duration time) throws InterruptedException {
        return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
      }

      @Override
      public UnderWay callUnderWay() {
        return () -> {};
      }
    };
  }
}
