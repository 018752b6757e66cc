package com.amazonaws.jobprocessor.client;

import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Bounds what has been handed over and not ended, by number and bytes. */
final class Room {
  private final int maxJobs;
  private final long maxBytes;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition given = lock.newCondition();
  private int jobs;
  private long bytes;

  Room(int maxJobs, long maxBytes) {
    this.maxJobs = maxJobs;
    this.maxBytes = maxBytes;
  }

  int maxJobs() {
    return maxJobs;
  }

  /** Waits until there is room; a job that is larger than all room has it alone. */
  void take(long jobBytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (jobs >= maxJobs || (jobs > 0 && bytes + jobBytes > maxBytes)) {
        given.await();
      }
      jobs++;
      bytes += jobBytes;
    } finally {
      lock.unlock();
    }
  }

  void give(long jobBytes) {
    lock.lock();
    try {
      jobs--;
      bytes -= jobBytes;
      given.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
