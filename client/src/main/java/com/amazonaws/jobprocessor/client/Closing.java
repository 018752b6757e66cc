package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.send.Halt;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** The end that {@code close} asks for. */
final class Closing implements Halt {
  private final CountDownLatch asked = new CountDownLatch(1);

  void ask() {
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
