package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this worker remembers of messages that it had in flight lately, should they come again; it
 * forgets the oldest. Safe for use by several threads.
 */
public final class RecentMessages {
  private static final int MAX_MESSAGES = 10_000;
  private static final int MAX_UNSENT = 1_000;

  private static final class Bounded<V> extends LinkedHashMap<String, V> {
    private static final long serialVersionUID = 1L;
    private final int max;

    private Bounded(int max) {
      this.max = max;
    }

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
      return size() > max;
    }
  }

  private final Map<String, Boolean> finished = new Bounded<>(MAX_MESSAGES);
  private final Map<String, Integer> receivesWithoutAttempt = new Bounded<>(MAX_MESSAGES);
  private final Map<String, Outcome.Failed> unsent = new Bounded<>(MAX_UNSENT);

  /** Every job of the message has a result or a dead letter that was accepted. */
  public synchronized void finished(String messageId) {
    finished.put(messageId, true);
    unsent.remove(messageId);
  }

  /** True if only its delete is missing. */
  public synchronized boolean isFinished(String messageId) {
    return finished.containsKey(messageId);
  }

  /** A receive of the message has ended without an attempt. */
  public synchronized void wasNoAttempt(String messageId) {
    receivesWithoutAttempt.merge(messageId, 1, Integer::sum);
  }

  /** The message has one attempt more than it had receives. */
  public synchronized void hadAttemptWithoutReceive(String messageId) {
    receivesWithoutAttempt.merge(messageId, -1, Integer::sum);
  }

  /** The number of the attempt that is next, from 1, by the count of receives. */
  public synchronized int nextAttempt(Delivery delivery) {
    int without = receivesWithoutAttempt.getOrDefault(delivery.messageId(), 0);
    return Math.max(1, delivery.receiveCount() - without);
  }

  /** The job of the message failed for good, and its dead letter could not be sent. */
  public synchronized void unsent(String messageId, Outcome.Failed failure) {
    unsent.put(messageId, failure);
  }

  /** The failure whose dead letter could not be sent when the message was here last, or null. */
  public synchronized Outcome.@Nullable Failed unsent(String messageId) {
    return unsent.get(messageId);
  }
}
