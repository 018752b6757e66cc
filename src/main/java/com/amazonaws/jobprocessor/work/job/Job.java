package com.amazonaws.jobprocessor.work.job;

import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.PackLine;
import org.jspecify.annotations.Nullable;

/** One job of a message in hand: its id, its definition, its attempts, our claim on it. */
public final class Job {
  private final Message message;
  private final Content content;
  private final int place;
  private final String key;
  private volatile int attempt;
  private volatile int deaths;
  private volatile ClaimLease claim = ClaimLease.NONE;
  private volatile boolean succeeded;

  /**
   * What a message says of a job.
   *
   * @param body the definition, or the pointer to it; of a line that is none, the line
   * @param attempts of a pack's line: how many the job has had; of a message of its own: 0
   * @param flaw why it is not to be run, but dead-lettered at once; null if it may be
   * @param line of a pack that it stands on, or null
   * @param origin where it first stood, if that is known to have been elsewhere, or null
   */
  public record Content(
      String id,
      String body,
      int attempts,
      Outcome.@Nullable Failed flaw,
      @Nullable PackLine line,
      @Nullable String origin) {}

  /**
   * A job that is all of its message.
   *
   * @param attempt the number of the attempt that is next, from 1
   */
  Job(Message message, String id, String body, Outcome.@Nullable Failed flaw, int attempt) {
    this.message = message;
    this.content = new Content(id, body, 0, flaw, null, null);
    this.place = 0;
    this.key = message.id();
    this.attempt = attempt;
  }

  /**
   * A job on a line of a pack.
   *
   * @param place among the jobs of the message, from 0
   */
  Job(Message message, Content content, PackLine line, int place) {
    this.message = message;
    this.content = content;
    this.place = place;
    this.key = JobLine.defaultId(message.id(), line.number());
    this.attempt = content.attempts() + 1;
  }

  /** Its place among the jobs of the message, from 0. */
  public int place() {
    return place;
  }

  /** The message that carries it. */
  public Message message() {
    return message;
  }

  /**
   * The {@code job_id}, if it is one that may be; else the MessageId, of a pack's job with its
   * line.
   */
  public String id() {
    return content.id();
  }

  /**
   * What tells it from all other jobs of the backlog, whatever their ids: the MessageId, of a
   * pack's job with its line.
   */
  public String key() {
    return key;
  }

  /** The {@link #key} that it had when it was sent first, as far as anybody knows. */
  public String origin() {
    return content.origin() == null ? key : content.origin();
  }

  /** The line of the pack that it stands on; null of a job that is all of its message. */
  public @Nullable PackLine line() {
    return content.line();
  }

  /** Why it is not to be run, but dead-lettered at once; null if it may be. */
  public Outcome.@Nullable Failed flaw() {
    return content.flaw();
  }

  /** The definition, or the pointer to it. */
  public String body() {
    return content.body();
  }

  /** The number of the attempt that is next or under way, from 1. */
  public int attempt() {
    return attempt;
  }

  /**
   * How often it may have killed a worker, and one more: for a message of its own that is the
   * number of the attempt, for a pack's only job the number of its receives.
   */
  public int receives() {
    return content.line() == null ? attempt : message.receives();
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
    // A line's attempts were made before the table knew the job, or are in the table as well.
    attempt = Math.max(number, content.attempts() + 1);
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
    return new JobContext(content.id(), message.id(), attempt, message.texts());
  }
}
