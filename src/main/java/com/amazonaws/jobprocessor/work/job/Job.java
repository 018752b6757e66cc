package com.amazonaws.jobprocessor.work.job;

import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** One job of a message in hand: its id, its definition, its attempts, our claim on it. */
public final class Job {
  private final Message message;
  private final String id;
  private final String body;
  private volatile int attempt;
  private volatile int deaths;
  private volatile ClaimLease claim = ClaimLease.NONE;
  private volatile boolean succeeded;

  /**
   * A job of the message.
   *
   * @param body the definition, or the pointer to it
   * @param attempt the number of the attempt that is next, from 1
   */
  public Job(Message message, String id, String body, int attempt) {
    this.message = message;
    this.id = id;
    this.body = body;
    this.attempt = attempt;
  }

  /** The message that carries it. */
  public Message message() {
    return message;
  }

  /** The attribute {@code job_id}, if it is one that may be; else the MessageId. */
  public String id() {
    return id;
  }

  /**
   * What tells it from all other jobs of the backlog, whatever their ids: the MessageId, with its
   * place among several.
   */
  public String key() {
    List<Job> jobs = message.jobs();
    return jobs.size() == 1 ? message.id() : message.id() + "/" + (jobs.indexOf(this) + 1);
  }

  /** The definition, or the pointer to it. */
  public String body() {
    return body;
  }

  /** The number of the attempt that is next or under way, from 1. */
  public int attempt() {
    return attempt;
  }

  /** Sets the number of the attempt. */
  public void attempt(int number) {
    attempt = number;
  }

  /** Another attempt in this worker, which has kept the message. */
  public void again() {
    attempt(attempt + 1);
    claim = ClaimLease.NONE;
  }

  /**
   * The job table knows better than the count of receives.
   *
   * @param number of the attempt that is next
   * @param died attempts before it that nobody ended
   */
  public void claimed(ClaimLease lease, int number, int died) {
    attempt = number;
    deaths = died;
    claim = lease;
  }

  /** Our claim in the job table; {@link ClaimLease#NONE} without one. */
  public ClaimLease claim() {
    return claim;
  }

  /** True if it has been claimed in the job table, by us or, when it had ended, by others. */
  public boolean isClaimed() {
    return claim != ClaimLease.NONE;
  }

  /** Attempts that nobody ended, by the job table; 0 without it. */
  public int deaths() {
    return deaths;
  }

  /** True if nobody else may have the job. */
  public boolean isOurs(long now) {
    return !message.lease().isOver(now) && !claim.isOver(now);
  }

  /** Notes whether the executor has returned something that can be sent. */
  public void succeeded(boolean so) {
    succeeded = so;
  }

  /** True if the executor has returned something that can be sent. */
  public boolean hasSucceeded() {
    return succeeded;
  }

  /** What the executor may know. */
  public JobContext context() {
    Map<String, String> texts = new HashMap<>();
    for (Map.Entry<String, Attribute> attribute :
        PayloadPointer.unmark(message.delivery().attributes()).entrySet()) {
      String text = attribute.getValue().text();
      if (text != null) {
        texts.put(attribute.getKey(), text);
      }
    }
    return new JobContext(id, message.id(), attempt, texts);
  }
}
