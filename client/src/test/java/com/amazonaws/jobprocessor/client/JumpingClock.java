package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock on which a wait is over at once. */
final class JumpingClock implements MonotonicClock {
  private final AtomicLong now = new AtomicLong();
  volatile Runnable afterSleep = () -> {};

  @Override
  public long nanoTime() {
    return now.get();
  }

  @Override
  public void sleep(long nanos) throws InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
    now.addAndGet(nanos);
    afterSleep.run();
  }

  Duration slept() {
    return Duration.ofNanos(now.get());
  }
}
