package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.JobContext;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A job in hand, from its receive until it is settled or lost. */
final class Job {
  private final String messageId;
  private final String id;
  private volatile long heapBytes;

  private Delivery delivery;
  private Lease lease;
  private boolean visibilityPending;
  private @Nullable Runnable afterVisibility;
  private boolean concluded;
  private volatile long inLineSince;
  private volatile int attempt;
  private volatile int deaths;
  private volatile @Nullable Hold hold;
  private volatile boolean released;
  private volatile boolean succeeded;
  private volatile @Nullable Attempt running;

  /**
   * A job that has just arrived.
   *
   * @param attempt the number of the attempt that would be next, from 1
   */
  Job(Delivery delivery, Lease lease, int attempt, long now) {
    this.messageId = delivery.messageId();
    this.id = jobId(delivery);
    this.attempt = attempt;
    this.heapBytes = delivery.heapBytes();
    this.inLineSince = now;
    this.delivery = delivery;
    this.lease = lease;
  }

  private static String jobId(Delivery delivery) {
    Attribute given = delivery.attributes().get(MessageFormat.JOB_ID);
    return given != null && hasGoodId(delivery) && given.text() != null
        ? given.text()
        : delivery.messageId();
  }

  private static boolean hasGoodId(Delivery delivery) {
    Attribute given = delivery.attributes().get(MessageFormat.JOB_ID);
    return given == null
        || (given.isString() && given.text() != null && MessageFormat.isJobId(given.text()));
  }

  /** The attribute {@code job_id}, if it is one that may be; else the MessageId. */
  String id() {
    return id;
  }

  String messageId() {
    return messageId;
  }

  /** The number of the attempt that is next or under way, from 1. */
  int attempt() {
    return attempt;
  }

  /** Sets the number of the attempt. */
  void attempt(int number) {
    attempt = number;
  }

  /** The job's group in a FIFO queue, or null. */
  @Nullable String group() {
    return delivery().group();
  }

  /** Another attempt in this worker, which has kept the message. */
  synchronized void again() {
    attempt++;
    hold = null;
    concluded = false;
  }

  /** True if the body is a pointer to the job's definition in the payload bucket. */
  boolean isPointer() {
    return PayloadPointer.isPointer(delivery().attributes());
  }

  /** The executor returned something that can be sent. */
  void succeeded() {
    succeeded = true;
  }

  /** What the executor returned cannot be sent. */
  void failed() {
    succeeded = false;
  }

  boolean hasSucceeded() {
    return succeeded;
  }

  /** SQS's count of receives, this one included. */
  int receiveCount() {
    return delivery().receiveCount();
  }

  /**
   * The job table knows better than the count of receives.
   *
   * @param number of the attempt that is next
   * @param died attempts before it that nobody ended
   */
  void claimed(Hold claim, int number, int died) {
    attempt = number;
    deaths = died;
    hold = claim;
  }

  /** Our claim in the job table, or null. */
  @Nullable Hold hold() {
    return hold;
  }

  /** Attempts that nobody ended, by the job table; 0 without it. */
  int deaths() {
    return deaths;
  }

  /** True if nobody else may have the job. */
  boolean isOurs(long now) {
    Hold claim = hold;
    return !lease().isOver(now) && (claim == null || !claim.isOver(now));
  }

  long heapBytes() {
    return heapBytes;
  }

  /** It holds more memory than before: for {@link InHand}, under its lock. */
  void heapBytes(long bytes) {
    heapBytes = bytes;
  }

  /** When it began to wait for a slot. */
  long inLineSince() {
    return inLineSince;
  }

  /** It waits for a slot from now on. */
  void inLine(long now) {
    inLineSince = now;
  }

  /** False if the job carries a {@code job_id} that no job may have. */
  boolean hasGoodId() {
    return hasGoodId(delivery());
  }

  synchronized Delivery delivery() {
    return delivery;
  }

  synchronized Lease lease() {
    return lease;
  }

  /**
   * Takes over a newer delivery of the same message: only the newest receipt handle is sure to
   * delete it.
   */
  synchronized void adopt(Delivery newer, Lease newerLease) {
    delivery = newer;
    lease = newerLease;
  }

  /** Claims the right to settle this job; true for the first caller only. */
  synchronized boolean conclude() {
    boolean first = !concluded;
    concluded = true;
    return first;
  }

  /** What the executor may know. */
  JobContext context() {
    Map<String, String> texts = new HashMap<>();
    PayloadPointer.unmark(delivery().attributes())
        .forEach((name, value) -> putText(texts, name, value));
    return new JobContext(id, messageId, attempt, texts);
  }

  private static void putText(Map<String, String> texts, String name, Attribute value) {
    if (value.text() != null) {
      texts.put(name, value.text());
    }
  }

  @Nullable Attempt running() {
    return running;
  }

  void running(@Nullable Attempt attempt) {
    running = attempt;
  }

  /** The message is being given back to the queue: its next delivery is a new job. */
  void release() {
    released = true;
  }

  boolean isReleased() {
    return released;
  }

  /**
   * Reserves the right to change the message's visibility: one change at a time, or a late renewal
   * could undo a give-back.
   *
   * @return false if a change is under way, or the message is being given back or was
   */
  synchronized boolean beginVisibilityChange() {
    if (visibilityPending || released) {
      return false;
    }
    visibilityPending = true;
    return true;
  }

  /**
   * Runs the action as soon as no change of visibility is under way, with the right to make one.
   */
  void whenVisibilityFree(Runnable action) {
    synchronized (this) {
      if (visibilityPending) {
        afterVisibility = action;
        return;
      }
      visibilityPending = true;
    }
    action.run();
  }

  /** A change of visibility has ended, well or not. */
  void endVisibilityChange() {
    Runnable next;
    synchronized (this) {
      next = afterVisibility;
      afterVisibility = null;
      visibilityPending = next != null;
    }
    if (next != null) {
      next.run();
    }
  }
}
