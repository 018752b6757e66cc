package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.job.Message;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Whose turn it is to be claimed in the job table, in the order in which jobs come: as many as
 * there are slots, and as many more as slots become free while a claim is made, so that short jobs
 * do not wait for the table. A claim is one ahead of its slot if another job may begin, and end the
 * process, before its own does. Safe for use by several threads.
 */
public final class Turns {
  /** A claim takes less, even of a table that is busy. */
  static final Duration WINDOW = Duration.ofMillis(100);

  /** What ends the process mostly does so at once; a claim whose answer is awaited takes less. */
  static final Duration JUST_BEGUN = Duration.ofMillis(20);

  private final SlotQueue slots;
  private final long maxWait;
  private final MonotonicClock clock;
  private final Turnover turnover;

  private final ReentrantLock lock = new ReentrantLock();
  private final ArrayDeque<Condition> line = new ArrayDeque<>();
  private int taken;
  private int unbegun;
  private long lastBegin;
  private boolean closed;

  /**
   * Turns for the slots of the line.
   *
   * @param maxWait for so long one waits for its turn, unless other jobs of its message have begun
   */
  public Turns(SlotQueue slots, Duration maxWait, MonotonicClock clock) {
    this.slots = slots;
    this.maxWait = maxWait.toNanos();
    this.clock = clock;
    this.turnover = new Turnover(WINDOW, clock);
    this.lastBegin = clock.nanoTime() - JUST_BEGUN.toNanos();
  }

  /**
   * The turn of a job, to be closed as soon as the executor has returned, or will not be called.
   */
  public static final class Turn implements AutoCloseable {
    private final @Nullable Turns turns;
    private final boolean ahead;
    private final @Nullable String refusal;
    private boolean begun;
    private boolean closed;

    private Turn(@Nullable Turns turns, boolean ahead, @Nullable String refusal) {
      this.turns = turns;
      this.ahead = ahead;
      this.refusal = refusal;
    }

    /** Of a job that does not wait for one: it may be claimed long before it begins. */
    public static Turn ahead() {
      return new Turn(null, true, null);
    }

    /** True if the worker may die of another job before this one begins. */
    public boolean isAhead() {
      return ahead;
    }

    /** Why the job has none, and is to go back; null if it has. */
    public @Nullable String refusal() {
      return refusal;
    }

    /** The job is claimed, and in line for its slot. */
    public void begin() {
      if (turns != null && !begun) {
        begun = true;
        turns.begin();
      }
    }

    @Override
    public void close() {
      begin();
      if (turns != null && !closed) {
        closed = true;
        turns.end();
      }
    }
  }

  /** Waits for the turn of a job of the message. */
  public Turn await(Message message) throws InterruptedException {
    lock.lock();
    try {
      if ((!line.isEmpty() || !isOne()) && !awaitOne(message)) {
        return refused("no slot became free");
      }
      if (closed) {
        return refused("worker stops");
      }
      boolean ahead = isAhead();
      taken++;
      unbegun++;
      message.begin();
      return new Turn(this, ahead, null);
    } finally {
      next();
      lock.unlock();
    }
  }

  private static Turn refused(String why) {
    return new Turn(null, true, why);
  }

  private boolean isOne() {
    return taken < slots.slots() + turnover.soon();
  }

  private boolean isAhead() {
    boolean othersFollow = taken + 1 < slots.slots() && slots.expected() > 1;
    boolean othersBegin =
        unbegun > 0 || clock.nanoTime() - lastBegin < JUST_BEGUN.toNanos() || turnover.soon() > 0;
    return taken >= slots.slots() || othersFollow || othersBegin;
  }

  private void begin() {
    lock.lock();
    try {
      unbegun--;
      lastBegin = clock.nanoTime();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is the first and there is a turn, or there will be none; false if too long. */
  private boolean awaitOne(Message message) throws InterruptedException {
    Condition first = lock.newCondition();
    line.add(first);
    long until = clock.nanoTime() + maxWait;
    try {
      while (!closed && !(first.equals(line.peek()) && isOne())) {
        long left = until - clock.nanoTime();
        if (message.hasBegun()) {
          first.await();
        } else if (left > 0) {
          clock.await(first, left);
        } else {
          return false;
        }
      }
      return true;
    } finally {
      line.remove(first);
    }
  }

  private void end() {
    lock.lock();
    try {
      taken--;
      turnover.ended(1);
      next();
    } finally {
      lock.unlock();
    }
  }

  /** Each wakes the next. */
  private void next() {
    Condition first = line.peek();
    if (first != null && isOne()) {
      first.signal();
    }
  }

  /** The worker stops: there are no turns any more. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      line.forEach(Condition::signal);
    } finally {
      lock.unlock();
    }
  }
}
