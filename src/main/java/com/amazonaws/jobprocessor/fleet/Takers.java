package com.amazonaws.jobprocessor.fleet;

import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Who takes this box, or would end it: as long as anybody does, its worker is to be drained. Safe
 * for use by several threads.
 */
final class Takers {
  /** Those who may. */
  enum Taker {
    /** By a spot interruption. */
    EC2,
    /** Auto Scaling, which terminates the instance. */
    GROUP,
    /** Auto Scaling, which keeps the instance for later. */
    WARM_POOL,
    /** The worker, which has ended the instance. */
    ITSELF,
    /** Somebody has asked for the end: the worker drains, and then tries to end the instance. */
    ASKED,
    /** So does it for a rebalance recommendation. */
    REBALANCE
  }

  private static final Set<Taker> TRYING = EnumSet.of(Taker.ASKED, Taker.REBALANCE);

  private final BoxWorker worker;
  private final Set<Taker> takers = ConcurrentHashMap.newKeySet();
  private final ReentrantLock one = new ReentrantLock();

  /** Nobody so far. */
  Takers(BoxWorker worker) {
    this.worker = worker;
  }

  /** False if it does so already. */
  boolean takes(Taker taker) {
    return takers.add(taker);
  }

  void leaves(Taker taker) {
    takers.remove(taker);
  }

  /** True if the box goes for sure: not if it is only tried to end it. */
  boolean isTaken() {
    return !TRYING.containsAll(takers);
  }

  /**
   * Has a worker that is drained take jobs again if nobody takes the box any more, or would end it.
   * To be called when somebody leaves it, and at the end of each drain for somebody, who may have
   * left meanwhile.
   *
   * @return true if it does
   */
  boolean goOn() throws InterruptedException {
    one.lockInterruptibly();
    try {
      return takers.isEmpty() && worker.isDrained() && worker.startAgain(takers::isEmpty);
    } finally {
      one.unlock();
    }
  }
}
