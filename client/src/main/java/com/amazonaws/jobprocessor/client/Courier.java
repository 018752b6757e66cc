package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.send.Halt;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Packer;
import com.amazonaws.jobprocessor.client.send.Parcel;
import com.amazonaws.jobprocessor.client.send.Sender;
import com.amazonaws.jobprocessor.client.send.Submission;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Takes jobs to the queue on a thread of its own: packs and batches fill until they are full, for
 * the time to linger, or until somebody waits.
 */
final class Courier {
  /** Hears of each job's end, on the courier's thread. */
  interface Ends {
    /**
     * The end of a job.
     *
     * @param failure what the jobs behind it fail with, too; null if there is none
     */
    void ended(Ticket ticket, Sender.Outcome outcome, @Nullable CallFailed failure);

    /** What a job fails with before it is sent; null if with nothing. */
    @Nullable CallFailed failedBefore(Ticket ticket);
  }

  private final String queue;
  private final Submission submission;
  private final long linger;
  private final Ends ends;
  private final BooleanSupplier moreComes;
  private final Thread thread;
  private final AtomicLong messages = new AtomicLong();
  private final CountDownLatch cut = new CountDownLatch(1);

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition news = lock.newCondition();
  private List<Ticket> inbox = new ArrayList<>();
  private boolean woken;
  private boolean closed;
  private int flushes;

  /** Until what has been handed over has been sent. */
  private boolean soon;

  /** By their numbers; of the courier's thread. */
  private final Map<Long, Ticket> underWay = new HashMap<>();

  private long openedAt;

  /**
   * A courier, to be started.
   *
   * @param moreComes true while jobs are on their way here: then a flush leaves batches open for
   *     them, for the time to linger
   */
  Courier(
      OutputQueue queue,
      Packer packer,
      boolean inOrder,
      Duration linger,
      BooleanSupplier moreComes,
      Ends ends) {
    this.queue = queue.name();
    this.moreComes = moreComes;
    this.linger = linger.toNanos();
    this.ends = ends;
    this.submission =
        new Submission(new Sender(queue, new Cut(), () -> {}), packer, inOrder, new Told());
    this.thread = new Thread(this::run, "enqueuer-" + queue.name());
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  /** Whether the sending is to be cut short. */
  private final class Cut implements Halt {
    @Override
    public boolean isAsked() {
      return cut.getCount() == 0;
    }

    @Override
    public boolean await(Duration time) throws InterruptedException {
      return cut.await(time.toNanos(), TimeUnit.NANOSECONDS);
    }

    @Override
    public UnderWay callUnderWay() {
      return () -> {};
    }
  }

  private final class Told implements Submission.Teller {
    @Override
    public void told(Parcel parcel, Sender.Outcome outcome) {
      if (outcome instanceof Sender.Outcome.Taken) {
        messages.incrementAndGet();
      }
      for (Job job : parcel.jobs()) {
        Ticket ticket = underWay.remove(job.line());
        if (ticket != null) {
          ends.ended(ticket, outcome, submission.failure());
        }
      }
    }

    @Override
    public void told(int jobs) {
      // each has been told of
    }

    @Override
    public void callEnded() {
      wake(() -> woken = true);
    }
  }

  private void wake(Runnable change) {
    lock.lock();
    try {
      change.run();
      news.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** How many messages the queue has taken. */
  long messages() {
    return messages.get();
  }

  /** Hands a job over; false if the courier has ended. */
  boolean put(Ticket ticket) {
    lock.lock();
    try {
      if (!closed) {
        inbox.add(ticket);
        news.signalAll();
      }
      return !closed;
    } finally {
      lock.unlock();
    }
  }

  /** No more comes, for now. */
  void noMoreComes() {
    wake(() -> woken = true);
  }

  /** From now on nothing lingers, until {@link #lingerAgain}. */
  void hurry() {
    wake(() -> flushes++);
  }

  /** Ends what {@link #hurry} began. */
  void lingerAgain() {
    wake(() -> flushes--);
  }

  /** Sends what has been handed over, and waits for nothing. */
  void sendSoon() {
    wake(() -> soon = true);
  }

  /** Takes no more jobs, and waits until those that it has have ended. */
  void close() throws InterruptedException {
    wake(() -> closed = true);
    thread.join();
  }

  /** Begins no further call: what is not under way ends as not taken. */
  void cut() {
    cut.countDown();
  }

  private void run() {
    try {
      List<Ticket> some = next();
      while (some != null) {
        take(some);
        some = next();
      }
      finish();
    } catch (InterruptedException | RuntimeException | Error e) {
      failAll(e);
    } finally {
      submission.close();
    }
  }

  /** Waits for jobs, for a call to end, or for the end of the linger; null at the end. */
  private @Nullable List<Ticket> next() throws InterruptedException {
    lock.lockInterruptibly();
    try {
      while (inbox.isEmpty() && !woken && !closed && !isDue()) {
        if (submission.isFlushed()) {
          news.await();
        } else if (news.awaitNanos(openedAt + linger - System.nanoTime()) <= 0) {
          break;
        }
      }
      woken = false;
      List<Ticket> some = inbox;
      inbox = new ArrayList<>();
      return some.isEmpty() && closed ? null : some;
    } finally {
      lock.unlock();
    }
  }

  /** With the lock. */
  private boolean isDue() {
    return (soon || (flushes > 0 && !submission.isFlushed())) && !moreComes.getAsBoolean();
  }

  private void take(List<Ticket> some) throws InterruptedException {
    boolean urgent = false;
    // All at once: if this thread dies of one, the others end as well.
    some.forEach(ticket -> underWay.put(ticket.job().line(), ticket));
    for (Ticket ticket : some) {
      CallFailed failed = ends.failedBefore(ticket);
      if (failed != null) {
        underWay.remove(ticket.job().line());
        ends.ended(ticket, new Sender.Outcome.NotTaken(Submission.NOT_SENT), failed);
        continue;
      }
      if (submission.isFlushed()) {
        openedAt = System.nanoTime();
      }
      urgent |= ticket.urgent();
      submission.add(ticket.job());
    }
    if (urgent || mayNotLinger() || System.nanoTime() - openedAt >= linger) {
      submission.flush();
    }
    submission.tellOfEnded();
    if (cut.getCount() == 0) {
      submission.abandon();
    } else if (submission.failure() != null) {
      finish();
      submission.resume();
    }
  }

  private boolean mayNotLinger() {
    lock.lock();
    try {
      // What was handed over meanwhile is taken first, and shares their calls.
      boolean due = inbox.isEmpty() && (soon || flushes > 0) && !moreComes.getAsBoolean();
      soon &= !due;
      return due || (inbox.isEmpty() && closed);
    } finally {
      lock.unlock();
    }
  }

  private void finish() throws InterruptedException {
    if (cut.getCount() == 0) {
      submission.abandon();
    } else {
      submission.finish();
    }
  }

  /** Nothing may wait for ever for a courier that is no more. */
  private void failAll(Throwable why) {
    List<Ticket> lost = new ArrayList<>(underWay.values());
    lock.lock();
    try {
      closed = true;
      lost.addAll(inbox);
      inbox = new ArrayList<>();
    } finally {
      lock.unlock();
    }
    Sender.Outcome perhaps =
        new Sender.Outcome.PerhapsTaken("the sending to \"" + queue + "\" has ended: " + why);
    lost.forEach(ticket -> ends.ended(ticket, perhaps, null));
  }
}
