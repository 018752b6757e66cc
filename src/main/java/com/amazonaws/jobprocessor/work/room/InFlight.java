package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.work.job.Message;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The messages in flight: received, and neither deleted nor given back nor lost. They are bounded
 * by number and by the memory that they hold. Safe for use by several threads.
 */
public final class InFlight {
  /** So many messages, more or less, make the mean of their jobs. */
  private static final int MEAN_OF = 10;

  private final int maxMessages;
  private final long maxBytes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition fewer = lock.newCondition();
  private final Condition more = lock.newCondition();
  private final Map<String, Message> messages = new HashMap<>();
  private long bytes;
  private long resultBytes;
  private volatile double meanJobs;
  private boolean closed;
  private Runnable onFewer = () -> {};

  /**
   * Room for messages.
   *
   * @param maxMessages how many
   * @param maxBytes what they may hold together, in bytes; one message fits in any case
   */
  public InFlight(int maxMessages, long maxBytes) {
    this.maxMessages = maxMessages;
    this.maxBytes = maxBytes;
  }

  /** Sets whom to tell that there is more room; to be called once, before the first message. */
  void onFewer(Runnable told) {
    onFewer = told;
  }

  /**
   * Takes a message in.
   *
   * @return null, or the message itself if it is in flight already: then nothing was taken
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock; read without it
  public @Nullable Message add(Message message) {
    lock.lock();
    try {
      Message present = messages.get(message.id());
      if (present != null && !present.isReleased()) {
        return present;
      }
      bytes += message.heapBytes() - (present == null ? 0 : present.heapBytes());
      messages.put(message.id(), message);
      int jobs = message.jobs().size();
      // The first is all that is known.
      meanJobs = meanJobs == 0 ? jobs : meanJobs + (jobs - meanJobs) / MEAN_OF;
      more.signalAll();
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The message is deleted, given back or lost. */
  public void remove(Message message) {
    lock.lock();
    try {
      if (messages.remove(message.id(), message)) {
        bytes -= message.heapBytes();
      }
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
    onFewer.run();
  }

  /** A result of the message holds so many bytes of memory more, until {@link #unweigh}. */
  public void weigh(Message message, long moreBytes) {
    lock.lock();
    try {
      resultBytes += moreBytes;
      change(message, moreBytes);
    } finally {
      lock.unlock();
    }
  }

  /** A result of the message is settled, and holds its memory no longer. */
  public void unweigh(Message message, long fewerBytes) {
    boolean wasShort;
    lock.lock();
    try {
      wasShort = roomByBytes() < maxMessages - messages.size();
      resultBytes -= fewerBytes;
      change(message, -fewerBytes);
      fewer.signalAll();
    } finally {
      lock.unlock();
    }
    if (wasShort) {
      onFewer.run();
    }
  }

  private void change(Message message, long moreBytes) {
    if (messages.get(message.id()) == message) {
      message.heapBytes(message.heapBytes() + moreBytes);
      bytes += moreBytes;
    }
  }

  private long roomByBytes() {
    return (maxBytes - bytes) / MessageFormat.MAX_BYTES;
  }

  /** How many jobs a message carries in the mean, of those that came last; at least 1. */
  double meanJobs() {
    return Math.max(1, meanJobs);
  }

  /** How many more messages may be received, of which some are on their way; below zero if none. */
  int room(int onTheirWay) {
    lock.lock();
    try {
      int byNumber = maxMessages - messages.size() - onTheirWay;
      long byBytes = roomByBytes() - onTheirWay;
      if (messages.isEmpty() && onTheirWay == 0) {
        // One message fits whatever the heap, or nothing would ever be done.
        byBytes = Math.max(1, byBytes);
      }
      return (int) Math.min(byBytes, byNumber);
    } finally {
      lock.unlock();
    }
  }

  /** Waits until there is a message in flight, or none will come any more. */
  public void awaitSome() throws InterruptedException {
    lock.lock();
    try {
      while (messages.isEmpty() && !closed) {
        more.await();
      }
    } finally {
      lock.unlock();
    }
  }

  /** Every message in flight at this moment. */
  public List<Message> all() {
    lock.lock();
    try {
      return new ArrayList<>(messages.values());
    } finally {
      lock.unlock();
    }
  }

  /** How many messages are in flight at this moment. */
  public int size() {
    lock.lock();
    try {
      return messages.size();
    } finally {
      lock.unlock();
    }
  }

  /** The worker stops: who waits for messages waits no longer. */
  public void close() {
    lock.lock();
    try {
      closed = true;
      more.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits until what is in flight holds less memory than it may, or none of it is a result's: one
   * result fits in any case, or messages that wait for theirs would wait for each other. False if
   * that takes longer.
   */
  public boolean awaitBytes(long nanos) throws InterruptedException {
    return await(nanos, () -> bytes < maxBytes || resultBytes == 0);
  }

  /** Waits until no message is in flight; false if that takes longer. */
  public boolean awaitNone(long nanos) throws InterruptedException {
    return await(nanos, messages::isEmpty);
  }

  private boolean await(long nanos, BooleanSupplier condition) throws InterruptedException {
    long left = nanos;
    lock.lock();
    try {
      while (!condition.getAsBoolean()) {
        if (left <= 0) {
          return false;
        }
        left = fewer.awaitNanos(left);
      }
      return true;
    } finally {
      lock.unlock();
    }
  }
}
