package com.amazonaws.jobprocessor.aws.lean;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;

/**
 * Cuts calls that take longer than they may, by an interrupt of their threads, on one thread for
 * all. That thread sleeps until the earliest limit that it knew when it fell asleep: calls that end
 * in time, as nearly all do, do not wake it.
 */
final class CallLimits {
  private static final long LONGEST_SLEEP = Duration.ofMinutes(1).toNanos();

  private static final long WITHOUT_MEMORY = Duration.ofMillis(100).toNanos();

  private final Set<Limited> calls = ConcurrentHashMap.newKeySet();
  private final Thread watch;

  /** The time that the watch sleeps to; while it looks at the calls, that of the next of them. */
  private volatile long wakesAt = System.nanoTime();

  CallLimits() {
    watch = Thread.ofPlatform().name("call-limits").daemon().start(this::watch);
  }

  /** A call of the current thread that is to end in time. */
  final class Limited {
    private final Thread caller = Thread.currentThread();
    private final long limit;
    private boolean over;
    private boolean cut;

    private Limited(Duration longest) {
      limit = System.nanoTime() + longest.toNanos();
    }

    private synchronized void cut() {
      if (!over) {
        cut = true;
        over = true;
        caller.interrupt();
      }
    }

    /**
     * Ends the limit; to be called by the thread that began it, however the call ended.
     *
     * @return true if the call was cut
     */
    boolean end() {
      calls.remove(this);
      synchronized (this) {
        over = true;
        if (cut) {
          boolean _ = Thread.interrupted(); // ours, and nobody else's business
        }
        return cut;
      }
    }
  }

  /** Begins a limit. */
  Limited begin(Duration longest) {
    Limited call = new Limited(longest);
    calls.add(call);
    if (call.limit - wakesAt < 0) {
      LockSupport.unpark(watch);
    }
    return call;
  }

  /**
   * Goes on whatever it meets: without it no call would end. A job may take all of the heap for a
   * moment, and it is its own attempt that is to fail.
   */
  private void watch() {
    while (true) {
      try {
        LockSupport.parkNanos(this, cutWhatIsLate() - System.nanoTime());
      } catch (OutOfMemoryError e) {
        LockSupport.parkNanos(this, WITHOUT_MEMORY);
      }
    }
  }

  /** Returns when the next call is late. */
  private long cutWhatIsLate() {
    long now = System.nanoTime();
    long next = now + LONGEST_SLEEP;
    wakesAt = next; // a call that begins from here on is either seen below, or wakes us
    for (Limited call : calls) {
      if (call.limit - now <= 0) {
        call.cut();
      } else if (call.limit - next < 0) {
        next = call.limit;
      }
    }
    wakesAt = next;
    return next;
  }
}
