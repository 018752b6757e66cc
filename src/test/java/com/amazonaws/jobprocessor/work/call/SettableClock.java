package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;

/** A monotonic clock that a test moves; who waits by it waits until the test has moved it. */
public final class SettableClock implements MonotonicClock {
  private long now = 1_000_000_000L;
  private int waiters;

  @Override
  public synchronized long nanoTime() {
    return now;
  }

  /** Moves the clock, and wakes who waits for that. */
  public synchronized void advance(Duration time) {
    now += time.toNanos();
    notifyAll();
  }

  /** How many threads wait by this clock: once they do, what they have to do before is done. */
  public synchronized int waiters() {
    return waiters;
  }

  private synchronized void waits(int more) {
    waiters += more;
  }

  /**
   * Returns early, so that the caller looks at what it waits for again and again: a condition
   * cannot be signalled without its lock, and a signal that comes as a wait of ours times out is
   * lost.
   */
  @Override
  @SuppressWarnings({"ResultOfMethodCallIgnored", "WaitNotInLoop"})
  public void await(Condition condition, long nanos) throws InterruptedException {
    waits(1);
    try {
      if (nanos > 0) {
        condition.await(1, TimeUnit.MILLISECONDS);
      }
    } finally {
      waits(-1);
    }
  }

  @Override
  public synchronized void sleep(long nanos) throws InterruptedException {
    long until = now + nanos;
    waiters++;
    try {
      while (until - now > 0) {
        wait();
      }
    } finally {
      waiters--;
    }
  }
}
