package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * How many messages the next receive may bring, and how many receives may be under way: as many as
 * the slots can start soon, by the jobs that messages carry in the mean, and as there is room for
 * in flight. Safe for use by several threads.
 */
public final class ReceivePermits {
  private static final int MAX_RECEIVES = 32;
  private static final long MORE_ROOM = Duration.ofMillis(2).toNanos();

  private final SlotQueue slots;
  private final InFlight inFlight;
  private final ExecutorHealth health;
  private final int maxReceives;
  private final MonotonicClock clock;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private volatile boolean awaited;
  private int receives;
  private int receivesAllowed = 1;
  private int reserved;
  private boolean lastWasFull;
  private boolean awaitsMoreRoom;
  private boolean paused;
  private boolean closed;

  /** Permits for a worker that may have so many messages in flight. */
  public ReceivePermits(Room room, int maxMessages, MonotonicClock clock) {
    this.clock = clock;
    this.slots = room.slots();
    this.inFlight = room.inFlight();
    this.health = room.health();
    this.maxReceives = Math.min(MAX_RECEIVES, 1 + maxMessages / MessageFormat.MAX_BATCH);
    slots.onFree(this::mayHaveChanged);
    inFlight.onFewer(this::mayHaveChanged);
  }

  /** Waits until a receive is due; false when there is to be none any more. */
  public boolean awaitRoom() throws InterruptedException {
    lock.lock();
    try {
      awaited = true;
      while (!closed && messagesDue() <= 0) {
        changed.await();
      }
      awaitMoreRoom();
      return !closed;
    } finally {
      awaited = false;
      lock.unlock();
    }
  }

  /** Messages deleted together leave one by one: a receive for just the first would be a waste. */
  private void awaitMoreRoom() throws InterruptedException {
    long until = clock.nanoTime() + MORE_ROOM;
    awaitsMoreRoom = true;
    for (long left = MORE_ROOM; left > 0 && !closed && isCutByRoom(); ) {
      clock.await(changed, left);
      left = until - clock.nanoTime();
    }
    awaitsMoreRoom = false;
  }

  private boolean isCutByRoom() {
    return inFlight.room(reserved) < Math.min(messagesFor(slots.free()), MessageFormat.MAX_BATCH);
  }

  /**
   * What a receive may do.
   *
   * @param messages how many it may ask for, 1 to 10
   * @param ahead true if it may bring more than there are idle slots, so it must not wait for long:
   *     what comes later may take longer than what made slots free so soon
   */
  public record Permit(int messages, boolean ahead) {}

  /** Reserves room for what a receive may bring; null if none is due any more. */
  public @Nullable Permit reserve() {
    lock.lock();
    try {
      int messages = closed ? 0 : messagesDue();
      if (messages <= 0) {
        return null;
      }
      boolean ahead = messages > messagesFor(slots.free());
      health.beginTry();
      receives++;
      reserved += messages;
      return new Permit(messages, ahead);
    } finally {
      lock.unlock();
    }
  }

  /** A receive is due if it can bring a batch, or if none is under way and a slot is idle. */
  private int messagesDue() {
    if (paused || receives >= receivesAllowed) {
      return 0;
    }
    // Ahead of their slots only while more wait: later ones may take longer than those before.
    int bySlots = messagesFor(lastWasFull ? slots.freeSoon() : slots.free());
    int messages = Math.min(Math.min(bySlots, inFlight.room(reserved)), MessageFormat.MAX_BATCH);
    boolean idle = receives == 0 && slots.free() > 0;
    if (health.why() != null) {
      // One job to try with.
      return idle ? Math.min(1, messages) : 0;
    }
    return messages >= MessageFormat.MAX_BATCH || idle ? messages : 0;
  }

  /**
   * Messages, beside those on their way, whose jobs so many slots can take, by the mean of late.
   */
  private int messagesFor(int free) {
    double mean = inFlight.meanJobs();
    double jobs = free - reserved * mean;
    return jobs <= 0 ? (int) Math.floor(jobs / mean) : (int) Math.max(1, jobs / mean);
  }

  /** Wakes the listener, if it waits: called for every job, without a lock of the caller's held. */
  private void mayHaveChanged() {
    if (!awaited) {
      return;
    }
    lock.lock();
    try {
      if (messagesDue() > 0 && !(awaitsMoreRoom && isCutByRoom())) {
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /** A receive that was to bring so many messages at most has ended, and brought so many. */
  public void received(int max, int messages) {
    lock.lock();
    try {
      receives--;
      reserved -= max;
      lastWasFull = messages == max;
      if (lastWasFull) {
        receivesAllowed = Math.min(receivesAllowed + 1, maxReceives);
      } else {
        receivesAllowed = Math.max(1, messages == 0 ? 1 : receivesAllowed / 2);
      }
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No receive begins until {@link #resume}. */
  public void pause() {
    lock.lock();
    try {
      paused = true;
    } finally {
      lock.unlock();
    }
  }

  /** Receives may begin again. */
  public void resume() {
    lock.lock();
    try {
      paused = false;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** No receive begins any more. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until no receive is under way; false if that takes longer. */
  public boolean awaitNoReceives(long nanos) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (receives > 0) {
        if (left <= 0) {
          return false;
        }
        left = changed.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
