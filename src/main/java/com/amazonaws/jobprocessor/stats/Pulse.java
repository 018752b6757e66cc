package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.Load;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Asks the worker what it has to do, which takes each lock that its loops need: once at a time, on
 * a thread of its own, so that a lock that hangs holds up whoever wants to know for a moment only.
 * Safe for use by several threads.
 */
public final class Pulse {
  /** Nobody has been asked. */
  public static final Beat NONE = new Beat(null, Duration.ZERO);

  private final Supplier<@Nullable Load> worker;
  private final Executor threads;
  private final MonotonicClock clock;
  private @Nullable CountDownLatch asking;
  private @Nullable Load last;
  private long answeredAt;

  /**
   * A pulse that has not been felt.
   *
   * @param worker says null while there is none
   * @param threads runs each question on a thread of its own
   */
  public Pulse(Supplier<@Nullable Load> worker, Executor threads, MonotonicClock clock) {
    this.worker = worker;
    this.threads = threads;
    this.clock = clock;
    this.answeredAt = clock.nanoTime();
  }

  /**
   * The last answer.
   *
   * @param load null if there was no worker to ask
   * @param age since the answer; since the start if there has been none
   */
  public record Beat(@Nullable Load load, Duration age) {}

  /** Asks, and waits for the answer for so long; then the last answer has to do. */
  public Beat feel(Duration patience) throws InterruptedException {
    boolean _ = ask().await(patience.toNanos(), TimeUnit.NANOSECONDS);
    synchronized (this) {
      return new Beat(last, Duration.ofNanos(clock.nanoTime() - answeredAt));
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

  private synchronized void answer(@Nullable Load load, CountDownLatch answered) {
    last = load;
    answeredAt = clock.nanoTime();
    asking = null;
    answered.countDown();
  }
}
