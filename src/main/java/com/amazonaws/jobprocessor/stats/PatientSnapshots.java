package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Snapshots for those who must not wait for long. A snapshot takes each lock that the worker's
 * loops need: it is made on a thread of its own, one at a time, and while a lock hangs the last one
 * has to do, with its age. Safe for use by several threads.
 */
public final class PatientSnapshots implements Supplier<Snapshot> {
  private static final Logger log = LoggerFactory.getLogger(PatientSnapshots.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Supplier<Snapshot> worker;
  private final Executor threads;
  private final MonotonicClock clock;
  private final Duration patience;
  private final AtomicBoolean failed = new AtomicBoolean();
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
    threads.execute(() -> answer(answered));
    return answered;
  }

  private void answer(CountDownLatch answered) {
    Snapshot snapshot = null;
    try {
      snapshot = worker.get();
    } catch (RuntimeException e) { // an error of ours, which is no reason for the worker to end
      if (failed.compareAndSet(false, true)) {
        log.error("cannot read the worker's numbers; further errors are not logged", e);
      }
    }
    synchronized (this) {
      if (snapshot != null) {
        last = snapshot;
        answeredAt = clock.nanoTime();
      }
      asking = null;
    }
    answered.countDown();
  }
}
