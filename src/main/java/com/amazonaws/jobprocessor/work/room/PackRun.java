package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a pack on their way through the slots. A slot takes one after the other without a
 * lock of the line's, and what comes of them is collected for the pack's thread, which settles them
 * in groups: short jobs cost no hand-over between threads each.
 */
public final class PackRun {
  /** For so long one that has ended waits for others of the pack, which may share its message. */
  static final long LINGER = Duration.ofMillis(5).toNanos();

  /** With so much to be settled, in bytes of memory, no further job of the pack begins. */
  static final long MAX_UNSETTLED_BYTES = 4L * 1024 * 1024;

  /** What came of a job. */
  public record Ended(Job job, Outcome outcome) {
    private long bytes() {
      return outcome instanceof Outcome.Succeeded success && success.result() != null
          ? 2L * success.result().length()
          : 0;
    }
  }

  private final List<Job> jobs;
  private final MonotonicClock clock;
  private final AtomicInteger next = new AtomicInteger();
  private volatile long since;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private List<Ended> ended = new ArrayList<>();
  private int running;
  private int unsettled;
  private boolean awaitsFirst;
  private volatile long unsettledBytes;

  /**
   * A pack that has not begun.
   *
   * @param jobs those that are to be run, in their order
   * @param others how many are not to be run, but settled with the others
   */
  public PackRun(List<Job> jobs, int others, MonotonicClock clock) {
    this.jobs = List.copyOf(jobs);
    this.clock = clock;
    this.running = jobs.size() + others;
    this.unsettled = running;
  }

  /** The next job, as a slot takes it; null if there is none, or none may begin now. */
  @Nullable SlotRun next() {
    return isFull() ? null : take();
  }

  private @Nullable SlotRun take() {
    if (next.get() >= jobs.size()) {
      return null;
    }
    int place = next.getAndIncrement();
    return place < jobs.size() ? new SlotRun(jobs.get(place), this) : null;
  }

  /** Takes all jobs that have not begun. */
  List<SlotRun> takeAll() {
    List<SlotRun> all = new ArrayList<>();
    for (SlotRun run = take(); run != null; run = take()) {
      all.add(run);
    }
    return all;
  }

  /** How many jobs have not begun. */
  int waiting() {
    return Math.max(0, jobs.size() - next.get());
  }

  /** True if a job has begun. */
  boolean hasBegun() {
    return next.get() > 0;
  }

  /** True if what has ended must be settled before another job may begin. */
  boolean isFull() {
    return unsettledBytes > MAX_UNSETTLED_BYTES;
  }

  /** It waits for slots from now on. */
  void inLine(long now) {
    since = now;
  }

  /** When it began to wait for slots. */
  long inLineSince() {
    return since;
  }

  /** A job has ended, or will not begin. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock; read without it
  public void ended(Job job, Outcome outcome) {
    Ended end = new Ended(job, outcome);
    lock.lock();
    try {
      ended.add(end);
      unsettledBytes += end.bytes();
      running--;
      if (running == 0 || awaitsFirst) {
        awaitsFirst = false;
        changed.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for jobs to end; not for each, but for a little while for those that end soon after.
   *
   * @return those that have ended since; none if all jobs are settled
   */
  public List<Ended> await() throws InterruptedException {
    lock.lock();
    try {
      awaitOthers();
      if (ended.isEmpty() && unsettled > 0) {
        while (ended.isEmpty() && unsettled > 0) {
          awaitsFirst = true;
          changed.await();
        }
        awaitsFirst = false;
        awaitOthers();
      }
      List<Ended> group = ended;
      ended = new ArrayList<>();
      return group;
    } finally {
      lock.unlock();
    }
  }

  private void awaitOthers() throws InterruptedException {
    long until = clock.nanoTime() + LINGER;
    for (long left = LINGER; left > 0 && running > 0; left = until - clock.nanoTime()) {
      clock.await(changed, left);
    }
  }

  /**
   * What came of jobs is settled.
   *
   * @return true if jobs may begin again
   */
  @SuppressWarnings("NonAtomicVolatileUpdate") // under the lock; read without it
  public boolean settled(List<Ended> ends) {
    lock.lock();
    try {
      boolean full = isFull();
      for (Ended end : ends) {
        unsettledBytes -= end.bytes();
      }
      unsettled -= ends.size();
      if (unsettled == 0) {
        changed.signal();
      }
      return full && !isFull();
    } finally {
      lock.unlock();
    }
  }
}
