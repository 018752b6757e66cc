package com.amazonaws.jobprocessor.work.call;

import java.time.Duration;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** Waits for what other threads are about to do. */
public final class Eventually {
  private Eventually() {}

  /** Waits until the condition holds, and fails if that takes half a minute. */
  public static void eventually(Callable<Boolean> condition) {
    Awaitility.await()
        .pollDelay(Duration.ZERO)
        .pollInterval(Duration.ofMillis(1))
        .atMost(Duration.ofSeconds(30))
        .until(condition);
  }
}
