package com.amazonaws.jobprocessor.work.job;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A message of the backlog that is in hand, from its receive until it is deleted, given back or
 * lost: its newest delivery, the lease on it, and the jobs that it carries. Safe for use by several
 * threads.
 */
public final class Message {
  private final String id;
  private final List<Job> jobs;
  private final Semaphore visibility = new Semaphore(1);
  private Delivery delivery;
  private Lease lease;
  private volatile boolean released;
  private volatile long heapBytes;

  /**
   * A message that has just arrived.
   *
   * @param jobs makes the jobs of the message, at least one
   */
  public Message(Delivery delivery, Lease lease, Function<Message, List<Job>> jobs) {
    this.id = delivery.messageId();
    this.delivery = delivery;
    this.lease = lease;
    this.heapBytes = delivery.heapBytes();
    this.jobs = List.copyOf(jobs.apply(this));
  }

  /**
   * A message whose body is the definition of one job.
   *
   * @param attempt the number of the attempt that would be next, from 1
   */
  public static Message ofOneJob(Delivery delivery, Lease lease, int attempt) {
    return new Message(
        delivery,
        lease,
        message -> List.of(new Job(message, jobId(delivery), delivery.body(), attempt)));
  }

  private static String jobId(Delivery delivery) {
    Attribute given = delivery.attributes().get(MessageFormat.JOB_ID);
    return given != null && hasGoodJobId(delivery) && given.text() != null
        ? given.text()
        : delivery.messageId();
  }

  private static boolean hasGoodJobId(Delivery delivery) {
    Attribute given = delivery.attributes().get(MessageFormat.JOB_ID);
    return given == null
        || (given.isString() && given.text() != null && MessageFormat.isJobId(given.text()));
  }

  /** SQS's MessageId, the same for every delivery. */
  public String id() {
    return id;
  }

  /** The jobs that it carries, in their order. */
  public List<Job> jobs() {
    return jobs;
  }

  /** The message's group in a FIFO queue, or null. */
  public @Nullable String group() {
    return delivery().group();
  }

  /** SQS's count of receives, the newest included. */
  public int receiveCount() {
    return delivery().receiveCount();
  }

  /** False if it carries a {@code job_id} that no job may have. */
  public boolean hasGoodJobId() {
    return hasGoodJobId(delivery());
  }

  /** True if the body is a pointer to its content in the payload bucket. */
  public boolean isPointer() {
    return PayloadPointer.isPointer(delivery().attributes());
  }

  /** The newest delivery: only its receipt handle is sure to delete the message. */
  public synchronized Delivery delivery() {
    return delivery;
  }

  /** The lease of the newest delivery. */
  public synchronized Lease lease() {
    return lease;
  }

  /** Takes over a newer delivery of the same message. */
  public synchronized void adopt(Delivery newer, Lease newerLease) {
    delivery = newer;
    lease = newerLease;
  }

  /** Memory that it holds, roughly, in bytes. */
  public long heapBytes() {
    return heapBytes;
  }

  /** It holds more memory than before; whoever counts the memory in flight sets it. */
  public void heapBytes(long bytes) {
    heapBytes = bytes;
  }

  /** It is being given back to the queue: its next delivery is a new message. */
  public void release() {
    released = true;
  }

  /** True once it is being given back. */
  public boolean isReleased() {
    return released;
  }

  /**
   * Reserves the right to change the message's visibility: one change at a time, or a late renewal
   * could undo a give-back.
   *
   * @return false if a change is under way, or the message is being given back
   */
  public boolean tryBeginVisibilityChange() {
    if (released || !visibility.tryAcquire()) {
      return false;
    }
    if (released) {
      visibility.release();
      return false;
    }
    return true;
  }

  /** Waits until no change of visibility is under way, and reserves the right to make one. */
  public void beginVisibilityChange() throws InterruptedException {
    visibility.acquire();
  }

  /** A change of visibility has ended, well or not. */
  public void endVisibilityChange() {
    visibility.release();
  }
}
