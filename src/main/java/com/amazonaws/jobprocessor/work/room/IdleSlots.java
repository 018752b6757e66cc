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
  private boolean oneWakes;

  /** None waits. */
  IdleSlots(ReentrantLock lock) {
    this.lock = lock;
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

  /** True if one waits, and none that was woken is still to come; under the lock. */
  boolean mayWake() {
    return !oneWakes && !waiting.isEmpty();
  }

  /**
   * Wakes the slot that went idle last, whose memory is warm, and one at a time: each wakes the
   * next when it takes a job and there are more, so that a handful of short jobs do not wake every
   * slot. Under the lock.
   */
  void wakeOne() {
    oneWakes = true;
    waiting.pop().signal();
  }

  /** Wakes each of them; under the lock. */
  void wakeAll() {
    waiting.forEach(Condition::signal);
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
