package com.amazonaws.jobprocessor.work.job;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * A message of the backlog that is in hand, from its receive until it is deleted, given back or
 * lost: its newest delivery, the lease on it, and the jobs that it carries. Safe for use by several
 * threads.
 */
public final class Message {
  private final String id;
  private final int receives;
  private final List<Job> jobs;
  private final Semaphore visibility = new Semaphore(1);
  private Delivery delivery;
  private Lease lease;
  private volatile boolean released;
  private volatile boolean dissolves;
  private volatile boolean begun;
  private volatile long heapBytes;
  private volatile @Nullable Map<String, String> texts;

  private Message(Delivery delivery, Lease lease, int receives) {
    this.id = delivery.messageId();
    this.receives = receives;
    this.delivery = delivery;
    this.lease = lease;
    this.jobs = Unpacking.jobsOf(this, delivery);
    this.heapBytes = delivery.heapBytes() + Unpacking.heapBytes(jobs);
  }

  /**
   * A message that has just arrived, and the jobs that it carries.
   *
   * @param receives SQS's count, less the receives of which this worker knows that they were no
   *     attempts, from 1
   */
  public static Message of(Delivery delivery, Lease lease, int receives) {
    return new Message(delivery, lease, receives);
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

  /**
   * As {@link #receiveCount} of the first delivery, less those that were known to be no attempts.
   */
  public int receives() {
    return receives;
  }

  /** True if its jobs stand on the lines of a pack, be it only one. */
  public boolean isPack() {
    return jobs.getFirst().line() != null;
  }

  /** True if it is a pack of more than one job. */
  public boolean isPackOfSeveral() {
    return jobs.size() > 1;
  }

  /** True if the results of its jobs are to travel together. */
  public boolean wantsResultPacks() {
    return isPack() && PackFormat.wantsResultPacks(delivery().attributes());
  }

  /** Each of its jobs that has not begun is to go into a pack of its own. */
  public void dissolve() {
    dissolves = true;
  }

  /** True after {@link #dissolve}. */
  public boolean isDissolving() {
    return dissolves;
  }

  /** A job of it is about to be run. */
  public void begin() {
    begun = true;
  }

  /** True after {@link #begin}. */
  public boolean hasBegun() {
    return begun;
  }

  /** The attributes that are the sender's own, if they have texts; the same for all of its jobs. */
  Map<String, String> texts() {
    Map<String, String> known = texts;
    if (known == null) {
      known = Map.copyOf(textsOf(delivery().attributes()));
      texts = known;
    }
    return known;
  }

  private static Map<String, String> textsOf(Map<String, Attribute> attributes) {
    Map<String, String> texts = new HashMap<>();
    for (Map.Entry<String, Attribute> attribute : attributes.entrySet()) {
      String text = attribute.getValue().text();
      String name = attribute.getKey();
      if (text != null
          && !PayloadPointer.MARKS.contains(name)
          && !PackFormat.RESERVED.contains(name)) {
        texts.put(name, text);
      }
    }
    return texts;
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
