package com.amazonaws.jobprocessor.port;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicReference;

/** A wall clock that a test moves. */
public final class SettableWallClock implements InstantSource {
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-01-02T03:04:05.678Z"));

  @Override
  public Instant instant() {
    return now.get();
  }

  /** Moves the clock, also back. */
  public void advance(Duration time) {
    now.updateAndGet(instant -> instant.plus(time));
  }
}
