package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Asks EC2 for the boxes of a queue while somebody looks at the page, once a minute, on a thread of
 * its own: all boxes of an account share one rate of calls. While nobody looks, it asks for
 * nothing, and nothing of the SDK's for EC2 is loaded.
 */
public final class BoxesWatch {
  private static final long EVERY = Duration.ofMinutes(1).toNanos();
  private static final long LOOKS_COUNT_FOR = Duration.ofSeconds(30).toNanos();
  private static final String ACTION = "DescribeInstances";

  /** Connects to EC2 when it is first needed. */
  public interface Opener {
    /** The boxes; the same at each call. */
    Boxes open() throws CallFailed;
  }

  /** Is told what EC2 has said. */
  public interface Told {
    /** Those of the queue, ended ones left out. */
    void boxes(List<Box> boxes);

    /**
     * EC2 did not tell.
     *
     * @param why a sentence without its point
     */
    void unknown(String why);
  }

  private final String backlog;
  private final Opener opener;
  private final Told told;
  private final MonotonicClock clock;
  private final Said said = new Said();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition looked = lock.newCondition();
  private @Nullable Long askedAt;
  private long lookedAt;

  /** Nobody has looked yet. */
  public BoxesWatch(String backlog, Opener opener, Told told, MonotonicClock clock) {
    this.backlog = backlog;
    this.opener = opener;
    this.told = told;
    this.clock = clock;
    this.lookedAt = clock.nanoTime() - LOOKS_COUNT_FOR;
  }

  /** Somebody looks at the page now. */
  public void lookedAt() {
    lock.lock();
    try {
      lookedAt = clock.nanoTime();
      looked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** The boxes have changed: who looks next is to see it soon. */
  public void changed() {
    lock.lock();
    try {
      askedAt = null;
      looked.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Asks when it is due; for a thread of its own, until it is interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      awaitDue();
      ask();
    }
  }

  private void ask() throws InterruptedException {
    try {
      told.boxes(opener.open().list(backlog));
    } catch (CallFailed e) {
      said.failed(ACTION, e, "the page does not show the boxes of this queue");
      told.unknown(Refusals.words(ACTION, e));
    } catch (RuntimeException | LinkageError e) { // of an answer that makes no sense, or a bad jar
      told.unknown(ACTION + " failed: " + e);
    }
  }

  private void awaitDue() throws InterruptedException {
    lock.lock();
    try {
      while (true) {
        long now = clock.nanoTime();
        boolean isLookedAt = now - lookedAt < LOOKS_COUNT_FOR;
        long left = askedAt == null ? 0 : askedAt + EVERY - now;
        if (isLookedAt && left <= 0) {
          askedAt = now;
          return;
        }
        clock.await(looked, isLookedAt ? left : EVERY);
      }
    } finally {
      lock.unlock();
    }
  }
}
