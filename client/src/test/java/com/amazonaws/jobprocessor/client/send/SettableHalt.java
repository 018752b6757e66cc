package com.amazonaws.jobprocessor.client.send;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A halt that a test asks for; whoever waits with it goes on at once, and it takes note. */
public final class SettableHalt implements Halt {
  private final List<Duration> waits = new CopyOnWriteArrayList<>();
  private final List<Runnable> lastResorts = new CopyOnWriteArrayList<>();
  private volatile boolean asked;

  /** Asks for it. */
  public void ask() {
    asked = true;
  }

  /** How long was to be waited, each time. */
  public List<Duration> waits() {
    return waits;
  }

  @Override
  public boolean isAsked() {
    return asked;
  }

  @Override
  public boolean await(Duration time) {
    if (!asked) {
      waits.add(time);
    }
    return asked;
  }

  /** Of what is there and may have to be ended. */
  public List<Runnable> lastResorts() {
    return lastResorts;
  }

  @Override
  public void addLastResort(Runnable action) {
    lastResorts.add(action);
  }

  @Override
  public void removeLastResort(Runnable action) {
    lastResorts.remove(action);
  }

  @Override
  public UnderWay callUnderWay() {
    return () -> {};
  }
}
