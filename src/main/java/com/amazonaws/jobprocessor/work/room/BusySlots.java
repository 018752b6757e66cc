package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.job.Attempt;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Slots that have a job: which, for how long, and how soon they will be free. Guarded by the lock
 * of {@link SlotQueue}: methods "under the lock" expect their caller to hold it, the others take
 * it.
 */
final class BusySlots {
  /** How often a slot that works on a pack says how many jobs it has ended. */
  private static final long REPORTS = Duration.ofMillis(1).toNanos();

  private final ReentrantLock lock;
  private final Condition returned;
  private final MonotonicClock clock;
  private final Turnover turnover;
  private final BusyTime busyTime;
  private final Runnable onCount;
  private final Set<SlotRun> running = new LinkedHashSet<>();

  /**
   * None has a job.
   *
   * @param window for which the slots that become free are foretold
   * @param onCount called without the lock when jobs of a pack have ended in a slot that goes on
   */
  BusySlots(ReentrantLock lock, Duration window, MonotonicClock clock, Runnable onCount) {
    this.lock = lock;
    this.returned = lock.newCondition();
    this.clock = clock;
    this.turnover = new Turnover(window, clock);
    this.busyTime = new BusyTime(clock.nanoTime());
    this.onCount = onCount;
  }

  /** A slot has the job from now on; under the lock. */
  void begin(SlotRun run) {
    long now = clock.nanoTime();
    busyTime.upTo(now, running.size());
    run.begin(new Attempt(now));
    running.add(run);
  }

  /** The next job of the pack whose job a slot has; null if there is none. Takes no lock for it. */
  @Nullable SlotRun nextOfPack(SlotRun taken) {
    PackRun pack = taken.pack();
    SlotRun run = pack == null ? null : pack.next();
    if (run == null) {
      return null;
    }
    long now = clock.nanoTime();
    run.begin(new Attempt(now));
    taken.goOn(run);
    if (taken.isCountDue(now, REPORTS)) {
      count(taken, now);
    }
    return run;
  }

  private void count(SlotRun taken, long now) {
    lock.lock();
    try {
      turnover.ended(taken.count(now));
    } finally {
      lock.unlock();
    }
    onCount.run();
  }

  /** The slot that had the job has it no more; under the lock. */
  void returned(SlotRun run) {
    long now = clock.nanoTime();
    busyTime.upTo(now, running.size());
    running.remove(run);
    turnover.ended(1 + run.count(now));
    returned.signalAll();
  }

  /** Waits until no slot has a job; false if that takes longer. */
  boolean awaitNone(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (!running.isEmpty()) {
        if (left <= 0) {
          return false;
        }
        left = returned.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** How many there are; under the lock. */
  int size() {
    return running.size();
  }

  /** How many are likely to become free within the window; under the lock. */
  int freeSoon() {
    return turnover.soon();
  }

  /** The jobs that they have at this moment. */
  List<SlotRun> runs() {
    lock.lock();
    try {
      return running.stream().map(SlotRun::current).toList();
    } finally {
      lock.unlock();
    }
  }

  /** For how long slots have had jobs, all slots together. */
  long nanos() {
    lock.lock();
    try {
      return busyTime.upTo(clock.nanoTime(), running.size());
    } finally {
      lock.unlock();
    }
  }
}
