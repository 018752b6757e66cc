package com.amazonaws.jobprocessor.client;

import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** A daemon thread that is there while it has work, and some seconds longer. */
final class OnDemandThread {
  private final ThreadPoolExecutor executor;

  OnDemandThread(String name) {
    executor =
        new ThreadPoolExecutor(
            1,
            1,
            10,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            work -> {
              Thread thread = new Thread(work, name);
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /**
   * Does this after what was asked for before.
   *
   * @throws RejectedExecutionException if it has been ended
   */
  void execute(Runnable work) {
    executor.execute(work);
  }

  /** Takes no more work, interrupts what it does, waits for nothing; returns what was not begun. */
  List<Runnable> cut() {
    return executor.shutdownNow();
  }

  /** Takes no more work, and waits until all is done, or for so long. */
  void end(long nanos) throws InterruptedException {
    executor.shutdown();
    boolean unused = executor.awaitTermination(nanos, TimeUnit.NANOSECONDS);
  }
}
