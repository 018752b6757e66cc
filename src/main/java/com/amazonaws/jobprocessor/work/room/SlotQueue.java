package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.job.Attempt;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The line of jobs for the slots, in the order in which they came; suspects have a line of their
 * own, of which one runs at a time. Safe for use by several threads.
 */
public final class SlotQueue {
  /** How often a slot that works on a pack says how many jobs it has ended. */
  private static final long REPORTS = Duration.ofMillis(1).toNanos();

  private final int slots;
  private final int maxSuspects;
  private final MonotonicClock clock;
  private final Turnover turnover;
  private final BusyTime busyTime;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Condition> idleSlots = new ArrayDeque<>();
  private final Condition returned = lock.newCondition();
  private final SlotLine waiting = new SlotLine();
  private final ArrayDeque<SlotRun> suspects = new ArrayDeque<>();
  private final Set<SlotRun> running = new LinkedHashSet<>();
  private int expected;
  private boolean suspectRuns;
  private boolean slotWakes;
  private volatile boolean suspectWaits;
  private volatile boolean closed;
  private boolean emptied;
  private Runnable onFree = () -> {};

  /**
   * A line for so many slots.
   *
   * @param maxSuspects how many suspects may wait
   * @param window for which the slots that become free are foretold
   */
  public SlotQueue(int slots, int maxSuspects, Duration window, MonotonicClock clock) {
    this.slots = slots;
    this.maxSuspects = maxSuspects;
    this.clock = clock;
    this.turnover = new Turnover(window, clock);
    this.busyTime = new BusyTime(clock.nanoTime());
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
      if (emptied) {
        return Offer.CLOSED;
      }
      if (run.isSuspect() && suspects.size() >= maxSuspects) {
        return Offer.TOO_MANY_SUSPECTS;
      }
      run.inLine(clock.nanoTime());
      if (run.isSuspect()) {
        suspects.add(run);
      } else {
        waiting.add(run);
      }
      wakeASlot();
      return Offer.TAKEN;
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
      if (emptied) {
        return false;
      }
      pack.inLine(clock.nanoTime());
      waiting.add(pack);
      wakeASlot();
      return true;
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
      Condition call = lock.newCondition();
      SlotRun next = next();
      while (next == null && !closed) {
        idleSlots.push(call);
        call.awaitUninterruptibly();
        idleSlots.remove(call);
        slotWakes = false;
        next = next();
      }
      return next;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable SlotRun next() {
    if (closed) {
      return null;
    }
    boolean suspect = mayRunSuspect();
    SlotRun run = suspect ? suspects.poll() : waiting.poll();
    if (run == null) {
      return null;
    }
    suspectRuns |= suspect;
    long now = clock.nanoTime();
    busyTime.upTo(now, running.size());
    run.begin(new Attempt(now));
    running.add(run);
    wakeASlot();
    return run;
  }

  /**
   * The next job of the pack whose job a slot has taken, without a lock; null if there is none, or
   * a suspect is to be run first, or the worker stops: then the slot is free.
   *
   * @param taken what {@link #take} has returned
   */
  public @Nullable SlotRun nextOfPack(SlotRun taken) {
    PackRun pack = taken.pack();
    SlotRun run = pack == null || suspectWaits || closed ? null : pack.next();
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
    onFree.run();
  }

  /**
   * Wakes the slot that went idle last, whose memory is warm, and one at a time: each wakes the
   * next when it takes a job and there are more, so that a handful of short jobs do not wake every
   * slot.
   */
  private void wakeASlot() {
    suspectWaits = mayRunSuspect();
    if (!slotWakes && !idleSlots.isEmpty() && (mayRunSuspect() || waiting.hasNext())) {
      slotWakes = true;
      idleSlots.pop().signal();
    }
  }

  private boolean mayRunSuspect() {
    return !suspectRuns && !suspects.isEmpty();
  }

  /**
   * The executor has returned: the slot is free.
   *
   * @param run what {@link #take} has returned
   */
  public void returned(SlotRun run) {
    lock.lock();
    try {
      long now = clock.nanoTime();
      busyTime.upTo(now, running.size());
      running.remove(run);
      turnover.ended(1 + run.count(now));
      if (run.isSuspect()) {
        suspectRuns = false;
        wakeASlot();
      }
      returned.signalAll();
    } finally {
      lock.unlock();
    }
    onFree.run();
  }

  /** For how long slots have had jobs, all slots together, in nanoseconds. */
  public long busyNanos() {
    lock.lock();
    try {
      return busyTime.upTo(clock.nanoTime(), running.size());
    } finally {
      lock.unlock();
    }
  }

  /** Slots without a job in sight; below zero if more jobs are in line than slots are free. */
  int free() {
    lock.lock();
    try {
      return slots - running.size() - expected - waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** As {@link #free}, with those that are likely to become free within the window. */
  int freeSoon() {
    lock.lock();
    try {
      return free() + turnover.soon();
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
      List<SlotRun> all = waiting.takeAll();
      all.addAll(suspects);
      suspects.clear();
      return all;
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
      idleSlots.forEach(Condition::signal);
    } finally {
      lock.unlock();
    }
  }

  /** Returns the jobs in line; from now on none comes into it. */
  public List<SlotRun> empty() {
    lock.lock();
    try {
      emptied = true;
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
    lock.lock();
    try {
      return running.stream().map(SlotRun::current).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no slot has a job; false if that takes longer. */
  public boolean awaitIdle(long nanos) throws InterruptedException {
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

  /** True if a slot waits for a job, or is about to look for one. */
  public boolean hasSpareSlot() {
    lock.lock();
    try {
      return slotWakes || !idleSlots.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** Slots that wait for a job. */
  int idleSlots() {
    lock.lock();
    try {
      return idleSlots.size();
    } finally {
      lock.unlock();
    }
  }
}
