package com.amazonaws.jobprocessor.client.send;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A halt that a test asks for. */
public final class SettableHalt implements Halt {
  private final CountDownLatch asked = new CountDownLatch(1);

  /** Asks for it. */
  public void ask() {
    asked.countDown();
  }

  @Override
  public boolean isAsked() {
    return asked.getCount() == 0;
  }

  @Override
  public boolean await(Duration time) throws InterruptedException {
    return asked.await(time.toNanos(), TimeUnit.NANOSECONDS);
  }

  @Override
  public UnderWay callUnderWay() {
    return () -> {};
  }
}
