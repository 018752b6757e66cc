package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What this worker remembers of the jobs that it had in flight lately, should their messages come
 * again; it forgets the oldest. A job is named by its {@link Job#key}, which is the MessageId where
 * that carries no other; a pack that is done with by its MessageId. Safe for use by several
 * threads.
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
  private final Map<String, Integer> attempts = new Bounded<>(MAX_MESSAGES);
  private final Map<String, Unsent> unsent = new Bounded<>(MAX_UNSENT);

  /**
   * A failure for good whose dead letter could not be sent.
   *
   * @param attempt the number of the one that failed
   * @param times how often the dead letter was refused
   */
  public record Unsent(Outcome.Failed failure, int attempt, int times) {}

  /**
   * The job has a result or a dead letter that was accepted. Those of a pack are remembered when it
   * is deleted, as a whole.
   */
  public synchronized void ended(Job job) {
    unsent.remove(job.origin());
    if (!job.message().isPack()) {
      finished(job.key());
    }
  }

  /** The job, or a pack, is done with, by this message: it has ended, or goes on in another one. */
  public synchronized void finished(String job) {
    finished.put(job, true);
  }

  /** True if only the delete of its message is missing. */
  public synchronized boolean isFinished(String job) {
    return finished.containsKey(job);
  }

  /**
   * A receive of the job's message has ended without an attempt. One of a pack of several is none
   * of its jobs' attempts in any case.
   */
  public void wasNoAttempt(Job job) {
    if (!job.message().isPackOfSeveral()) {
      wasNoAttempt(job.message().id());
    }
  }

  /** A receive of the message has ended without an attempt of its only job. */
  public synchronized void wasNoAttempt(String messageId) {
    receivesWithoutAttempt.merge(messageId, 1, Integer::sum);
  }

  /** The job has one attempt more than its message had receives. */
  public synchronized void hadAttemptWithoutReceive(String job) {
    receivesWithoutAttempt.merge(job, -1, Integer::sum);
  }

  /**
   * The number of the attempt that is next of a message's only job, from 1: its receives, less
   * those that were no attempts.
   */
  public synchronized int nextAttempt(Delivery delivery) {
    int without = receivesWithoutAttempt.getOrDefault(delivery.messageId(), 0);
    return Math.max(1, delivery.receiveCount() - without);
  }

  /**
   * A pack comes again as it was, though attempts were made of the job, whose line cannot say so.
   *
   * @param made how many, those that its line tells of included
   */
  public synchronized void hadAttempts(Job job, int made) {
    attempts.merge(job.key(), made, Math::max);
  }

  /** Counts the attempts of a pack's jobs that were made here since their lines were written. */
  public synchronized void countAttempts(Message pack) {
    if (attempts.isEmpty() || !pack.isPack()) {
      return;
    }
    for (Job job : pack.jobs()) {
      int made = attempts.getOrDefault(job.key(), 0);
      job.attempt(Math.max(job.attempt(), made + 1));
    }
  }

  /**
   * The job failed for good, and its dead letter could not be sent. It is known by its {@link
   * Job#origin}, since a pack's job may come again in another message.
   *
   * @return how often that was so before
   */
  public synchronized int unsent(Job job, Outcome.Failed failure) {
    Unsent before = unsent.get(job.origin());
    int times = before == null ? 0 : before.times();
    unsent.put(job.origin(), new Unsent(failure, job.attempt(), times + 1));
    return times;
  }

  /** The failure whose dead letter could not be sent when the job was here last, or null. */
  public synchronized @Nullable Unsent unsent(Job job) {
    return unsent.get(job.origin());
  }
}
