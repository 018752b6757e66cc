package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * A backlog in memory, with SQS's rules of visibility, that holds no more than some thousand jobs
 * however many are put into it: whoever puts jobs waits. Safe for use by several threads.
 */
final class LocalBacklog implements Backlog {
  /** More than the workers' own limit; what is above it waits to be tried again. */
  private static final int MAX_HELD = 10_000;

  private static final int MAX_READY = 1_000;
  private static final int MAX_READY_CHARACTERS = 1 << 20;

  /**
   * A job.
   *
   * @param number its place, from 1
   */
  record LocalJob(
      long number, String id, String body, Map<String, Attribute> attributes, int receives) {
    /** A job that has never been delivered, under the id that goes with its line. */
    static LocalJob ofLine(long line, String body) {
      String id = "local-" + line;
      return new LocalJob(line, id, body, Map.of("job_id", Attribute.of(id)), 0);
    }
  }

  /** A job that was delivered and is not deleted. */
  private static final class Held {
    private final LocalJob job;
    private int receives;
    private String handle = "";
    private long visibleAt;

    private Held(LocalJob job) {
      this.job = job;
      this.receives = job.receives();
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private final Condition room = lock.newCondition();
  private final Condition emptied = lock.newCondition();
  private final Deque<LocalJob> ready = new ArrayDeque<>();
  private final Map<String, Held> held = new HashMap<>();
  private final long epoch = System.nanoTime();
  private final TreeSet<Held> byTime =
      new TreeSet<>(
          Comparator.comparingLong((Held one) -> one.visibleAt)
              .thenComparingLong(one -> one.job.number()));
  private long readyCharacters;
  private long taken;
  private long lastTaken;
  private boolean complete;
  private boolean closed;

  @Override
  public String name() {
    return "local";
  }

  /** Adds a job; waits for room. False if the backlog is closed: nothing more is wanted. */
  boolean put(LocalJob job) throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (!closed && (ready.size() >= MAX_READY || readyCharacters >= MAX_READY_CHARACTERS)) {
        room.await();
      }
      if (closed) {
        return false;
      }
      ready.add(job);
      readyCharacters += job.body().length();
      changed.signal();
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Nothing more comes: the backlog is done with when all its jobs are deleted. */
  void complete() {
    lock.lock();
    try {
      complete = true;
      signalIfEmptied();
    } finally {
      lock.unlock();
    }
  }

  /** Receives are answered at once from now on, and bring nothing. */
  void close() {
    lock.lock();
    try {
      closed = true;
      changed.signalAll();
      room.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Waits until it is complete and every job is deleted; false if that takes longer. */
  boolean awaitEmpty(Duration time) throws InterruptedException {
    long left = time.toNanos();
    lock.lock();
    try {
      while (!isEmptied()) {
        if (left <= 0) {
          return false;
        }
        left = emptied.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private boolean isEmptied() {
    return complete && ready.isEmpty() && held.isEmpty();
  }

  private void signalIfEmptied() {
    if (isEmptied()) {
      emptied.signalAll();
    }
  }

  /** How many jobs were delivered at least once. */
  long taken() {
    lock.lock();
    try {
      return taken;
    } finally {
      lock.unlock();
    }
  }

  /** Every job up to this number was delivered and is deleted. */
  long doneUpTo() {
    lock.lock();
    try {
      return held.values().stream().mapToLong(one -> one.job.number()).min().orElse(lastTaken + 1)
          - 1;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Delivery> receive(int max, Duration wait, Duration lease)
      throws InterruptedException {
    long deadline = now() + wait.toNanos();
    lock.lockInterruptibly();
    try {
      List<Delivery> found = take(max, lease);
      while (found.isEmpty() && !closed && deadline > now()) {
        long until = byTime.isEmpty() ? deadline : Math.min(deadline, byTime.first().visibleAt);
        changed.await(Math.max(1, until - now()), TimeUnit.NANOSECONDS);
        found = take(max, lease);
      }
      return found;
    } finally {
      lock.unlock();
    }
  }

  private List<Delivery> take(int max, Duration lease) {
    List<Delivery> found = new ArrayList<>(max);
    long now = now();
    while (!closed && found.size() < max) {
      Held next = next(now);
      if (next == null) {
        break;
      }
      next.receives++;
      next.handle = next.job.id() + "/" + next.receives;
      next.visibleAt = now + lease.toNanos();
      held.put(next.handle, next);
      byTime.add(next);
      found.add(
          new Delivery(
              next.job.id(),
              next.handle,
              next.job.body(),
              next.job.attributes(),
              next.receives,
              null,
              null));
    }
    return found;
  }

  /** One whose time has come, else a new one; null if there is none. */
  private Held next(long now) {
    if (!byTime.isEmpty() && byTime.first().visibleAt <= now) {
      return remove(byTime.first());
    }
    LocalJob job = held.size() >= MAX_HELD ? null : ready.poll();
    if (job == null) {
      return null;
    }
    readyCharacters -= job.body().length();
    taken++;
    lastTaken = job.number();
    room.signal();
    return new Held(job);
  }

  private Held remove(Held one) {
    held.remove(one.handle);
    byTime.remove(one);
    return one;
  }

  @Override
  public List<Answer> changeVisibility(List<VisibilityChange> changes) {
    lock.lock();
    try {
      return changes.stream().map(this::change).toList();
    } finally {
      lock.unlock();
    }
  }

  private Answer change(VisibilityChange change) {
    Held one = held.get(change.receiptHandle());
    if (one == null) {
      return new Answer.Refused("ReceiptHandleIsInvalid", "the message was deleted");
    }
    byTime.remove(one);
    one.visibleAt = now() + TimeUnit.SECONDS.toNanos(change.seconds());
    byTime.add(one);
    changed.signal();
    return Answer.ACCEPTED;
  }

  @Override
  public List<Answer> delete(List<String> receiptHandles) {
    lock.lock();
    try {
      for (String handle : receiptHandles) {
        Held one = held.get(handle);
        if (one != null) {
          remove(one);
        }
      }
      // There may be room again for new ones.
      changed.signal();
      signalIfEmptied();
      return receiptHandles.stream().map(_ -> Answer.ACCEPTED).toList();
    } finally {
      lock.unlock();
    }
  }

  /** Since the start, so that times can be compared. */
  private long now() {
    return System.nanoTime() - epoch;
  }
}
