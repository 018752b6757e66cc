package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Snapshots for those who must not wait for long. A snapshot takes each lock that the worker's
 * loops need: it is made on a thread of its own, one at a time, and while a lock hangs the last one
 * has to do, with its age. Safe for use by several threads.
 */
public final class PatientSnapshots implements Supplier<Snapshot> {
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Supplier<Snapshot> worker;
  private final Executor threads;
  private final MonotonicClock clock;
  private final Duration patience;
  private @Nullable CountDownLatch asking;
  private Snapshot last;
  private long answeredAt;

  /**
   * Takes a first snapshot at once.
   *
   * @param worker may hang
   * @param threads runs each question on a thread of its own
   */
  public PatientSnapshots(Supplier<Snapshot> worker, Executor threads, MonotonicClock clock) {
    this(worker, threads, clock, PATIENCE);
  }

  PatientSnapshots(
      Supplier<Snapshot> worker, Executor threads, MonotonicClock clock, Duration patience) {
    this.worker = worker;
    this.threads = threads;
    this.clock = clock;
    this.patience = patience;
    this.last = worker.get();
    this.answeredAt = clock.nanoTime();
  }

  /** A snapshot of now or, if that takes longer than a second, the last one. */
  @Override
  public Snapshot get() {
    try {
      boolean _ = ask().await(patience.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    synchronized (this) {
      return last.aged(Duration.ofNanos(clock.nanoTime() - answeredAt));
    }
  }

  private CountDownLatch ask() {
    CountDownLatch answered;
    synchronized (this) {
      if (asking != null) {
        return asking; // its answer is as good
      }
      answered = new CountDownLatch(1);
      asking = answered;
    }
    threads.execute(() -> answer(worker.get(), answered));
    return answered;
  }

  private synchronized void answer(Snapshot snapshot, CountDownLatch answered) {
    last = snapshot;
    answeredAt = clock.nanoTime();
    asking = null;
    answered.countDown();
  }
}
