package com.amazonaws.jobprocessor.work.room;

import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Slots that wait for a job. Guarded by the lock of {@link SlotQueue}: methods "under the lock"
 * expect their caller to hold it, the others take it.
 */
final class IdleSlots {
  private final ReentrantLock lock;
  private final ArrayDeque<Condition> waiting = new ArrayDeque<>();
  private final Condition missed;
  private boolean oneWakes;
  private boolean isWatched;

  /** None waits. */
  IdleSlots(ReentrantLock lock) {
    this.lock = lock;
    this.missed = lock.newCondition();
  }

  /**
   * Waits to be woken, on the thread of a slot, under the lock, which others have meanwhile; may
   * return without that.
   */
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  void await() {
    Condition call = lock.newCondition();
    waiting.push(call);
    call.awaitUninterruptibly();
    waiting.remove(call);
    oneWakes = false;
  }

  /**
   * Waits until a slot is wanted and none waits, under the lock, which others have meanwhile; may
   * return without that.
   */
  @SuppressWarnings("WaitNotInLoop") // the loop is the caller's
  void awaitMissed() throws InterruptedException {
    isWatched = true;
    missed.await();
  }

  /**
   * True if one waits, or somebody for the want of one, and none that was woken is still to come;
   * under the lock.
   */
  boolean mayWake() {
    return !oneWakes && (isWatched || !waiting.isEmpty());
  }

  /**
   * Wakes the slot that went idle last, whose memory is warm, and one at a time: each wakes the
   * next when it takes a job and there are more, so that a handful of short jobs do not wake every
   * slot. If none waits, it is missed. Under the lock.
   */
  void wakeOne() {
    if (waiting.isEmpty()) {
      isWatched = false;
      missed.signal();
    } else {
      oneWakes = true;
      waiting.pop().signal();
    }
  }

  /** Wakes each of them, and who waits for the want of one; under the lock. */
  void wakeAll() {
    waiting.forEach(Condition::signal);
    missed.signal();
  }

  /** True if a slot waits, or is about to look for a job. */
  boolean isOneSpare() {
    lock.lock();
    try {
      return oneWakes || !waiting.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** How many wait. */
  int size() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }
}
