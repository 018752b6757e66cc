package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.work.DrainDeadline;

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

  /** Takes jobs again after a drain, with a new worker; not if the process is to stop. */
  void startAgain() throws InterruptedException;
}
