package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Gives jobs to slots: those in line, in their order ({@link SlotLine}), to the slots that wait
 * ({@link IdleSlots}) and that come back ({@link BusySlots}). Safe for use by several threads.
 */
public final class SlotQueue {
  private final int slots;
  private final MonotonicClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final SlotLine waiting;
  private final BusySlots busy;
  private final IdleSlots idle = new IdleSlots(lock);
  private int expected;
  private volatile boolean suspectIsNext;
  private volatile boolean closed;
  private Runnable onFree = () -> {};

  /**
   * A line for so many slots.
   *
   * @param maxSuspects how many suspects may wait
   * @param window for which the slots that become free are foretold
   */
  public SlotQueue(int slots, int maxSuspects, Duration window, MonotonicClock clock) {
    this.slots = slots;
    this.clock = clock;
    this.waiting = new SlotLine(maxSuspects);
    this.busy = new BusySlots(lock, window, clock, () -> onFree.run());
  }

  /** Sets whom to tell that slots are free; to be called once, before the first job. */
  void onFree(Runnable told) {
    onFree = told;
  }

  /** So many jobs are being prepared that will want a slot, most likely. */
  public void expect(int jobs) {
    lock.lock();
    try {
      expected += jobs;
    } finally {
      lock.unlock();
    }
  }

  /** Jobs that are being prepared. */
  int expected() {
    lock.lock();
    try {
      return expected;
    } finally {
      lock.unlock();
    }
  }

  /** A job that was expected wants no slot after all. */
  public void expectNoMore() {
    lock.lock();
    try {
      expected--;
    } finally {
      lock.unlock();
    }
    onFree.run();
  }

  /** Puts a job that was expected in line for a slot. */
  public Offer offer(SlotRun run) {
    lock.lock();
    try {
      expected--;
      Offer offer = waiting.offer(run, clock.nanoTime());
      if (offer == Offer.TAKEN) {
        wakeASlot();
      }
      return offer;
    } finally {
      lock.unlock();
      if (run.isSuspect()) {
        onFree.run(); // what is in line of the suspects takes no slot from others
      }
    }
  }

  /**
   * Puts a pack in line.
   *
   * @param jobs how many were expected that are in it
   * @return false if the worker stops
   */
  public boolean offer(PackRun pack, int jobs) {
    lock.lock();
    try {
      expected -= jobs;
      boolean taken = waiting.offer(pack, clock.nanoTime());
      if (taken) {
        wakeASlot();
      }
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** A pack has room again for what comes of its jobs. */
  public void goOn() {
    lock.lock();
    try {
      wakeASlot();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a job, on the thread of a slot; null when there will be none any more. Not to be
   * interrupted: what an executor has left behind may do so, and the slot must not end of it.
   */
  public @Nullable SlotRun take() {
    lock.lock();
    try {
      SlotRun next = next();
      while (next == null && !closed) {
        idle.await();
        next = next();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable SlotRun next() {
    SlotRun run = closed ? null : waiting.poll();
    if (run != null) {
      busy.begin(run);
      wakeASlot();
    }
    return run;
  }

  /**
   * The next job of the pack whose job a slot has taken, without a lock; null if there is none, or
   * a suspect is to be run first, or the worker stops: then the slot is free.
   *
   * @param taken what {@link #take} has returned
   */
  public @Nullable SlotRun nextOfPack(SlotRun taken) {
    return suspectIsNext || closed ? null : busy.nextOfPack(taken);
  }

  private void wakeASlot() {
    suspectIsNext = waiting.isSuspectNext();
    if (idle.mayWake() && waiting.hasNext()) {
      idle.wakeOne();
    }
  }

  /**
   * The executor has returned: the slot is free.
   *
   * @param run what {@link #take} has returned
   */
  public void returned(SlotRun run) {
    lock.lock();
    try {
      busy.returned(run);
      if (run.isSuspect()) {
        waiting.suspectReturned();
        wakeASlot();
      }
    } finally {
      lock.unlock();
    }
    onFree.run();
  }

  /** For how long slots have had jobs, all slots together, in nanoseconds. */
  public long busyNanos() {
    return busy.nanos();
  }

  /** Slots without a job in sight; below zero if more jobs are in line than slots are free. */
  int free() {
    lock.lock();
    try {
      return slots - busy.size() - expected - waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #free}, with those that are likely to become free within the window. */
  int freeSoon() {
    lock.lock();
    try {
      return free() + busy.freeSoon();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Takes out of the line the jobs that wait for longer than so; suspects may wait longer, and
   * packs that have begun.
   */
  public List<SlotRun> takeOverdue(long nanos) {
    List<SlotRun> overdue;
    long before = clock.nanoTime() - nanos;
    lock.lock();
    try {
      overdue = waiting.takeBefore(before);
    } finally {
      lock.unlock();
    }
    if (!overdue.isEmpty()) {
      onFree.run();
    }
    return overdue;
  }

  /** Takes all jobs out of the line. */
  public List<SlotRun> takeAll() {
    lock.lock();
    try {
      return waiting.takeAll();
    } finally {
      lock.unlock();
      onFree.run();
    }
  }

  /** No slot takes a job any more; what is in line stays there. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      idle.wakeAll();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the jobs in line; from now on none comes into it. */
  public List<SlotRun> empty() {
    lock.lock();
    try {
      waiting.close();
    } finally {
      lock.unlock();
    }
    return takeAll();
  }

  /** How many slots there are. */
  public int slots() {
    return slots;
  }

  /** The jobs that slots have at this moment. */
  public List<SlotRun> running() {
    return busy.runs();
  }

  /** Waits until no slot has a job; false if that takes longer. */
  public boolean awaitIdle(long nanos) throws InterruptedException {
    return busy.awaitNone(nanos);
  }

  /** True if a slot waits for a job, or is about to look for one. */
  public boolean hasSpareSlot() {
    return idle.isOneSpare();
  }

  /** Waits until no slot is spare for the next job in line; false once closed. */
  public boolean awaitMissing() throws InterruptedException {
    lock.lock();
    try {
      while (!closed && (idle.isOneSpare() || !waiting.hasNext())) {
        idle.awaitMissed();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** Slots that wait for a job. */
  int idleSlots() {
    return idle.size();
  }
}
