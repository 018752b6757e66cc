package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.work.DrainDeadline;
import java.util.function.BooleanSupplier;

/** The worker on this box, as far as the box's end is concerned. */
public interface BoxWorker {
  /** True while messages are in hand. */
  boolean isBusy();

  /** As {@link com.amazonaws.jobprocessor.work.Worker#pauseIfIdle}; false if it is drained. */
  boolean pauseIfIdle() throws InterruptedException;

  /** Receives again after a pause. */
  void resume();

  /**
   * Drains the worker, which takes nothing from then on; returns when that is done. If a drain is
   * under way, its deadline is brought forward, and it is waited for.
   *
   * @param why in a few words, for people
   */
  void drain(String why, DrainDeadline deadline) throws InterruptedException;

  /** Brings the deadline of a drain under way forward; does nothing if there is none. */
  void bringForward(DrainDeadline deadline);

  /** True after a drain, until it takes jobs again. */
  boolean isDrained();

  /**
   * Takes jobs again after a drain, with a new worker, however long AWS takes to find what that
   * needs; not if the process is to stop.
   *
   * @param still asked when the new worker could begin: false if it is not to begin after all; who
   *     makes that false has the worker drained afterwards
   * @return true if it does
   */
  boolean startAgain(BooleanSupplier still) throws InterruptedException;
}
