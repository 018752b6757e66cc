package com.amazonaws.jobprocessor.fleet;

import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A metadata service that says what a test wants. */
final class FakeNotices implements InstanceNotices {
  volatile @Nullable SpotAction action;
  volatile @Nullable String state;
  volatile boolean rebalance;
  volatile boolean away;
  volatile boolean spotAway;
  final AtomicInteger asked = new AtomicInteger();

  void spot(String kind, @Nullable Instant time) {
    action = new SpotAction(kind, time);
  }

  @Override
  public @Nullable SpotAction spotAction() throws IOException {
    asked.incrementAndGet();
    answer(away || spotAway);
    return action;
  }

  @Override
  public @Nullable String targetState() throws IOException {
    answer(away);
    return state;
  }

  @Override
  public boolean rebalance() throws IOException {
    answer(away);
    return rebalance;
  }

  private static void answer(boolean not) throws IOException {
    if (not) {
      throw new IOException("HTTP 500");
    }
  }
}
