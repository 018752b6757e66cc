package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.job.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Memory for payloads that are fetched. Callers wait for memory; small payloads may overtake a
 * waiting large one for at most a minute. Safe for use by several threads.
 */
public final class PayloadMemory {
  private static final int UNIT = 1024 * 1024;

  /** A text in memory as bytes, and decoded, two bytes a character. */
  private static final int COPIES = 3;

  private static final long MAX_OVERTAKING = Duration.ofMinutes(1).toNanos();

  /** Since when somebody waits. */
  private static final class Waiter {
    private final long since;

    private Waiter(long since) {
      this.since = since;
    }
  }

  private final int units;
  private final MonotonicClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final ArrayDeque<Waiter> waiters = new ArrayDeque<>();
  private int free;

  /** Room for so many bytes together; one payload finds room in any case. */
  public PayloadMemory(long bytes, MonotonicClock clock) {
    this.units = Math.clamp(bytes / UNIT, 1, Integer.MAX_VALUE);
    this.free = units;
    this.clock = clock;
  }

  /** Room that is taken, until it is closed. */
  public final class Taken implements AutoCloseable {
    private final int taken;
    private final int maxBytes;

    private Taken(int taken, int maxBytes) {
      this.taken = taken;
      this.maxBytes = maxBytes;
    }

    /** The largest payload, in bytes, that there is room for. */
    public int maxBytes() {
      return maxBytes;
    }

    @Override
    public void close() {
      lock.lock();
      try {
        free += taken;
        changed.signalAll();
      } finally {
        lock.unlock();
      }
    }
  }

  /** No room. */
  public Taken none() {
    return new Taken(0, 0);
  }

  /** Room for what the message's pointer stands for, by the size that the message says. */
  public Taken take(Message message) throws InterruptedException {
    return take(PayloadPointer.sizeOf(message.delivery().attributes()).orElse(Payloads.MAX_BYTES));
  }

  /** Room for the largest payload. */
  public Taken takeMost() throws InterruptedException {
    return take(Payloads.MAX_BYTES);
  }

  private Taken take(long bytes) throws InterruptedException {
    int mebibytes = (int) (Math.min(bytes, Payloads.MAX_BYTES) / UNIT + 1);
    int maxBytes = Math.min(mebibytes, Payloads.MAX_BYTES / UNIT) * UNIT;
    return take(Math.min(COPIES * mebibytes, units), maxBytes);
  }

  private Taken take(int needed, int maxBytes) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      Waiter me = new Waiter(clock.nanoTime());
      waiters.add(me);
      try {
        while (free < needed || mustWaitFor(waiters.element(), me)) {
          changed.await();
        }
        free -= needed;
      } finally {
        waiters.remove(me);
        changed.signalAll();
      }
      return new Taken(needed, maxBytes);
    } finally {
      lock.unlock();
    }
  }

  private boolean mustWaitFor(Waiter first, Waiter me) {
    return first != me && clock.nanoTime() - first.since >= MAX_OVERTAKING;
  }
}
