package com.amazonaws.jobprocessor.fleet;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who takes this box: as long as anybody does, its worker is to be drained. Safe for use by several
 * threads.
 */
final class Takers {
  /** Those who may. */
  enum Taker {
    /** By a spot interruption. */
    EC2,
    /** Auto Scaling, which terminates the instance. */
    GROUP,
    /** Auto Scaling, which keeps the instance for later. */
    WARM_POOL
  }

  private final BoxWorker worker;
  private final Set<Taker> takers = ConcurrentHashMap.newKeySet();
  private final ReentrantLock one = new ReentrantLock();

  /** Nobody so far. */
  Takers(BoxWorker worker) {
    this.worker = worker;
  }

  void takes(Taker taker) {
    takers.add(taker);
  }

  void leaves(Taker taker) {
    takers.remove(taker);
  }

  boolean any() {
    return !takers.isEmpty();
  }

  /**
   * Has a worker that is drained take jobs again if nobody takes the box any more. To be called
   * when somebody leaves it, and at the end of each drain for somebody, who may have left
   * meanwhile.
   *
   * @return true if it does
   */
  boolean goOn() throws InterruptedException {
    one.lockInterruptibly();
    try {
      boolean again = !any() && worker.isDrained();
      if (again) {
        worker.startAgain();
      }
      return again;
    } finally {
      one.unlock();
    }
  }
}
