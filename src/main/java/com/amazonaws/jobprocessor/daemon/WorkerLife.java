package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.fleet.BoxWorker;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.DrainDeadline;
import com.amazonaws.jobprocessor.work.Worker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The worker of this process: takes jobs, and is drained once, for a stop or for the end of its
 * box, whichever is first; whoever else wants that waits for the same drain. Safe for use by
 * several threads.
 */
final class WorkerLife implements BoxWorker {
  /** Makes a worker that is not started yet. */
  interface Maker {
    Worker make() throws StartRefused, InterruptedException;
  }

  private record Draining(String why, DrainDeadline deadline, CountDownLatch over) {
    /** A drain that has been over from the beginning. */
    static Draining over(String why, MonotonicClock clock) {
      return new Draining(why, DrainDeadline.patient(clock.nanoTime()), new CountDownLatch(0));
    }

    boolean isOver() {
      return over.getCount() == 0;
    }
  }

  /** Why a worker takes no jobs that is about to. */
  private static final String STARTING = "starting again";

  private final Consumer<Boolean> onDrain;
  private final Consumer<StartRefused> onRefused;
  private final MonotonicClock clock;
  private @Nullable Maker maker;
  private @Nullable Worker worker;
  private @Nullable Draining draining;
  private boolean stopping;

  /**
   * No worker yet.
   *
   * @param onDrain is told true when a drain begins, and false when a worker begins after it
   * @param onRefused is told of a worker that cannot be made after a drain: what was found at start
   *     is no longer there
   * @param clock the worker's
   */
  WorkerLife(Consumer<Boolean> onDrain, Consumer<StartRefused> onRefused, MonotonicClock clock) {
    this.onDrain = onDrain;
    this.onRefused = onRefused;
    this.clock = clock;
  }

  /** Makes a worker and starts it. */
  void begin(Maker made) throws StartRefused, InterruptedException {
    Worker first = made.make();
    synchronized (this) {
      maker = made;
      worker = first;
    }
    first.start();
  }

  /**
   * Starts no worker yet: the process is there as after a drain, until {@link #startAgain}.
   *
   * @param why in a few words, for people
   */
  void beginDrained(String why, Maker made) throws StartRefused, InterruptedException {
    Worker _ = made.make(); // settings that cannot work are refused now, not when jobs are wanted
    synchronized (this) {
      maker = made;
      draining = Draining.over(why, clock);
    }
  }

  /** The worker; null until there is one. */
  synchronized @Nullable Worker worker() {
    return worker;
  }

  @Override
  public boolean isBusy() {
    Worker now = worker();
    return now != null && now.isBusy();
  }

  @Override
  public boolean pauseIfIdle() throws InterruptedException {
    Worker now = worker();
    return now != null && !isDraining() && now.pauseIfIdle();
  }

  @Override
  public void resume() {
    Worker now = worker();
    if (now != null) {
      now.resumeReceiving();
    }
  }

  /** True from the beginning of a drain on. */
  synchronized boolean isDraining() {
    return draining != null;
  }

  @Override
  public void drain(String why, DrainDeadline deadline) throws InterruptedException {
    Worker drained;
    Draining mine = new Draining(why, deadline, new CountDownLatch(1));
    Draining others;
    synchronized (this) {
      drained = worker;
      others = draining;
      if (others == null) {
        draining = mine;
      } else if (others.isOver()) {
        draining = Draining.over(why, clock); // for another reason now
      }
    }
    if (others != null) {
      others.deadline.bringForward(deadline);
      others.over.await();
    } else {
      onDrain.accept(true);
      try {
        if (drained != null) {
          drained.drain(deadline);
        }
      } finally {
        mine.over.countDown();
      }
    }
  }

  @Override
  public void bringForward(DrainDeadline deadline) {
    Draining now = draining();
    if (now != null) {
      now.deadline.bringForward(deadline);
    }
  }

  private synchronized @Nullable Draining draining() {
    return draining;
  }

  /**
   * Drains the worker for the end of the process, or waits for a drain under way.
   *
   * @param patience how long running jobs may go on
   */
  void stop(Duration patience) throws InterruptedException {
    synchronized (this) {
      stopping = true;
    }
    drain("stop", DrainDeadline.patient(clock.nanoTime() + patience.toNanos()));
  }

  @Override
  public boolean isDrained() {
    return whyDrained() != null;
  }

  @Override
  public boolean startAgain(BooleanSupplier still) throws InterruptedException {
    Maker again;
    synchronized (this) {
      again = maker;
      if (again == null || stopping || !still.getAsBoolean()) {
        return false;
      }
      draining = Draining.over(STARTING, clock);
    }
    Worker next;
    try {
      next = again.make();
    } catch (StartRefused e) {
      onRefused.accept(e);
      return false;
    }
    synchronized (this) {
      if (stopping || !still.getAsBoolean()) {
        return false;
      }
      worker = next;
      draining = null;
      onDrain.accept(false);
      next.start(); // before anybody drains it
      return true;
    }
  }

  /** How long a drain may still take, nothing if it is over; null if there was none. */
  @Nullable Duration drainLeft() {
    Draining now = draining();
    if (now == null) {
      return null;
    }
    return now.isOver() ? Duration.ZERO : Duration.ofNanos(now.deadline.at() - clock.nanoTime());
  }

  /** Why the worker is drained, or is being drained; null if it takes jobs. */
  @Nullable String drainReason() {
    Draining now = draining();
    return now == null ? null : now.why;
  }

  /** Why the worker has been drained and takes nothing; null if it does, or is being drained. */
  @Nullable String whyDrained() {
    Draining now = draining();
    return now == null || !now.isOver() ? null : now.why;
  }
}
