package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.job.Message;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Keeps the order of a FIFO queue's groups: of each group only the first message in flight is
 * worked on, the others wait behind it without a slot until it is deleted. Messages of a standard
 * queue have no group and pass. Safe for use by several threads.
 */
public final class Groups {
  private final MonotonicClock clock;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, ArrayDeque<Message>> groups = new HashMap<>();
  private final Map<Message, Condition> turns = new HashMap<>();
  private final Set<Message> abandoned = new HashSet<>();
  private final Condition closing = lock.newCondition();
  private boolean closed;

  /** No message is in flight. */
  public Groups(MonotonicClock clock) {
    this.clock = clock;
  }

  /**
   * A message has arrived; to be called in the order of the queue.
   *
   * @return true if it is its turn
   */
  public boolean enter(Message message) {
    String group = message.group();
    if (group == null) {
      return true;
    }
    lock.lock();
    try {
      if (closed) {
        return false;
      }
      ArrayDeque<Message> line = groups.computeIfAbsent(group, _ -> new ArrayDeque<>());
      line.add(message);
      return line.size() == 1;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until all that came before the message in its group is deleted.
   *
   * @return false if it must go back, because one before it goes back or the worker stops
   */
  public boolean awaitTurn(Message message) throws InterruptedException {
    String group = message.group();
    if (group == null) {
      return true;
    }
    lock.lock();
    try {
      Condition turn = lock.newCondition();
      turns.put(message, turn);
      while (true) {
        ArrayDeque<Message> line = groups.get(group);
        if (closed || abandoned.contains(message) || line == null || !line.contains(message)) {
          return false;
        }
        if (line.peek() == message) {
          return true;
        }
        turn.await();
      }
    } finally {
      turns.remove(message);
      lock.unlock();
    }
  }

  /**
   * Waits before the message, the first of its group, is worked on once more.
   *
   * @param nanos how long
   * @return 0 when its time has come; else it must go back, because the worker stops, for the nanos
   *     that are left
   */
  public long awaitRetry(long nanos) throws InterruptedException {
    long until = clock.nanoTime() + nanos;
    lock.lock();
    try {
      long left = nanos;
      while (left > 0 && !closed) {
        clock.await(closing, left);
        left = until - clock.nanoTime();
      }
      return Math.max(0, left);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The message is not in flight any more.
   *
   * @param deleted true if the next of its group may be worked on; else those behind it go back,
   *     since none may overtake it
   */
  public void leave(Message message, boolean deleted) {
    String group = message.group();
    if (group == null) {
      return;
    }
    lock.lock();
    try {
      abandoned.remove(message);
      ArrayDeque<Message> line = groups.get(group);
      if (line == null || !line.contains(message)) {
        return;
      }
      if (!deleted) {
        while (line.peekLast() != message) {
          abandon(line.removeLast());
        }
      }
      line.remove(message);
      if (line.isEmpty()) {
        groups.remove(group);
      } else {
        wake(line.element());
      }
    } finally {
      lock.unlock();
    }
  }

  private void abandon(Message message) {
    abandoned.add(message);
    wake(message);
  }

  private void wake(Message message) {
    Condition turn = turns.get(message);
    if (turn != null) {
      turn.signal();
    }
  }

  /** The worker stops: no message gets its turn any more, and no retry is waited for. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      turns.values().forEach(Condition::signal);
      closing.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** True if no message is in flight, and nothing is remembered of any. */
  public boolean isEmpty() {
    lock.lock();
    try {
      return groups.isEmpty() && turns.isEmpty() && abandoned.isEmpty();
    } finally {
      lock.unlock();
    }
  }

  /** True if the worker stops. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }
}
