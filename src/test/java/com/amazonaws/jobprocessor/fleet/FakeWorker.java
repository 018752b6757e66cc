package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.work.DrainDeadline;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** A worker that is busy as long as a test says so, and drains until the test lets it end. */
final class FakeWorker implements BoxWorker {
  private final List<String> calls = new ArrayList<>();
  private final CountDownLatch jobsEnd = new CountDownLatch(1);
  private volatile Runnable whileMade = () -> {};
  private boolean drained;
  private boolean busy;
  private boolean busyOnPause;
  private @Nullable DrainDeadline deadline;

  synchronized void busy(boolean so) {
    busy = so;
  }

  /** The last receive brings a job. */
  synchronized void jobComesWithTheLastReceive() {
    busyOnPause = true;
  }

  /** What happens while a new worker is made, before it could begin. */
  void whileMade(Runnable event) {
    whileMade = event;
  }

  /** A drain under way ends, and so do all to come. */
  void letDrainsEnd() {
    jobsEnd.countDown();
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** The deadline of the drain; null if there has been none. */
  synchronized @Nullable Long deadline() {
    return deadline == null ? null : deadline.at();
  }

  @Override
  public synchronized boolean isBusy() {
    return busy;
  }

  @Override
  public synchronized boolean pauseIfIdle() {
    calls.add("pause");
    if (busyOnPause) {
      busyOnPause = false;
      busy = true;
      return false;
    }
    return !busy;
  }

  @Override
  public synchronized void resume() {
    calls.add("resume");
  }

  @Override
  public void drain(String why, DrainDeadline given) throws InterruptedException {
    synchronized (this) {
      calls.add("drain: " + why);
      if (deadline == null) {
        deadline = given;
      } else {
        deadline.bringForward(given);
      }
    }
    jobsEnd.await();
    synchronized (this) {
      drained = true;
    }
  }

  @Override
  public synchronized boolean isDrained() {
    return drained;
  }

  @Override
  public synchronized void bringForward(DrainDeadline given) {
    if (deadline != null) {
      deadline.bringForward(given);
    }
  }

  @Override
  public boolean startAgain(BooleanSupplier still) {
    whileMade.run();
    synchronized (this) {
      if (still.getAsBoolean()) {
        calls.add("start again");
        drained = false;
        deadline = null;
        return true;
      }
      calls.add("start given up");
      return false;
    }
  }
}
