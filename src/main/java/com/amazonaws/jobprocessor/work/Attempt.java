package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One run of the executor: lets others interrupt its thread, but never a moment too late. */
final class Attempt {
  /** Why an attempt was interrupted. */
  enum Stop {
    /** It took longer than {@code job_timeout_in_secs}. */
    TIMEOUT,
    /** The message cannot be held any longer. */
    LEASE_LIMIT,
    /** Another worker has taken the job over. */
    CLAIM_LOST,
    /** The worker stops. */
    GIVE_BACK
  }

  private static final long PATIENCE = Duration.ofSeconds(30).toNanos();

  private final Thread thread = Thread.currentThread();
  private boolean begun;
  private long startedAt;
  private @Nullable Stop stop;
  private long stoppedAt;
  private boolean over;

  /** An attempt of the calling thread, which waits for the job's definition first. */
  Attempt() {}

  /** The executor is about to be called. */
  synchronized void begin(long now) {
    begun = true;
    startedAt = now;
  }

  synchronized long startedAt() {
    return startedAt;
  }

  /** True if the executor has had so much time. */
  synchronized boolean hasTaken(long nanos, long now) {
    return begun && now - startedAt >= nanos;
  }

  /** Interrupts the attempt, once; later reasons do not replace the first. */
  synchronized void stop(Stop reason, long now) {
    if (!over && stop == null) {
      stop = reason;
      stoppedAt = now;
      thread.interrupt();
    }
  }

  /** Ends the attempt, on its own thread; the thread is not interrupted any more afterwards. */
  @SuppressWarnings("ResultOfMethodCallIgnored")
  synchronized @Nullable Stop end() {
    over = true;
    Thread
        .interrupted(); // ours, or one that the executor left behind: the slot's next job must not
    // see it
    return stop;
  }

  /** Why it was interrupted, or null. */
  synchronized @Nullable Stop stopped() {
    return stop;
  }

  /** True if it was interrupted 30 s ago and still runs. */
  synchronized boolean isStuck(long now) {
    return stop != null && !over && now - stoppedAt > PATIENCE;
  }
}
