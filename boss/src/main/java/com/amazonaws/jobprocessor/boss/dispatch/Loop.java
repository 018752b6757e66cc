package com.amazonaws.jobprocessor.boss.dispatch;

import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Takes a step after the other while there is something to do, and rests while there is not. A step
 * that throws is taken again, after a while: what it began is rolled back.
 */
public final class Loop implements Runnable {
  /** A step. */
  public interface Step {
    /** True if there may be more to do. */
    boolean take() throws InterruptedException;
  }

  private final Step step;
  private final Duration rest;
  private final Outage failures;
  private final Semaphore news = new Semaphore(0);
  private volatile boolean stopped;

  /**
   * A loop that runs until it is stopped or its thread is interrupted.
   *
   * @param what it is, for the log: "the dispatch"
   * @param rest unless it is woken before
   */
  public Loop(String what, Step step, Duration rest) {
    this.step = step;
    this.rest = rest;
    this.failures = new Outage(what);
  }

  /** There may be something to do: it looks at once. */
  public void wake() {
    news.release();
  }

  /** Ends after the step that it is at. */
  public void stop() {
    stopped = true;
    news.release();
  }

  @Override
  public void run() {
    try {
      while (!stopped && !Thread.currentThread().isInterrupted()) {
        try {
          boolean more = step.take();
          failures.worked();
          if (!more) {
            rest();
          }
        } catch (RuntimeException e) {
          failures.failed(String.valueOf(e.getMessage()).lines().findFirst().orElse(""));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void rest() throws InterruptedException {
    if (news.tryAcquire(rest.toMillis(), TimeUnit.MILLISECONDS)) {
      news.drainPermits();
    }
  }
}
