package com.amazonaws.jobprocessor.work.job;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** One run of the executor: lets others interrupt its thread, but never a moment too late. */
public final class Attempt {
  /** Why an attempt was interrupted. */
  public enum Stop {
    /** It took longer than {@code job_timeout_in_secs}. */
    TIMEOUT,
    /** The message cannot be held any longer. */
    LEASE_LIMIT,
    /** Another worker has taken the job over. */
    CLAIM_LOST,
    /** The worker stops. */
    GIVE_BACK
  }

  private static final long STUCK_AFTER = Duration.ofSeconds(30).toNanos();

  private final Thread thread = Thread.currentThread();
  private final long startedAt;
  private @Nullable Stop stop;
  private long stoppedAt;
  private boolean begun;
  private boolean over;

  /** An attempt of the calling thread. */
  public Attempt(long now) {
    startedAt = now;
  }

  /** How long it has run. */
  public Duration ran(long now) {
    return Duration.ofNanos(now - startedAt);
  }

  /**
   * The executor is about to begin, on the attempt's own thread. An interrupt that is there already
   * is taken away: a thread that another job has left behind has made it.
   *
   * @return why it must not, since the attempt was stopped before; null if it may
   */
  @SuppressWarnings("ResultOfMethodCallIgnored")
  public synchronized @Nullable Stop begin() {
    Thread.interrupted();
    begun = true;
    return stop;
  }

  /**
   * Interrupts the attempt, once; later reasons do not replace the first. Before its begin nothing
   * is interrupted: it will not begin.
   */
  public synchronized void stop(Stop reason, long now) {
    if (!over && stop == null) {
      stop = reason;
      stoppedAt = now;
      if (begun) {
        thread.interrupt();
      }
    }
  }

  /**
   * Ends the attempt, on its own thread; the thread is not interrupted any more afterwards.
   *
   * @return why it was interrupted, or null
   */
  @SuppressWarnings("ResultOfMethodCallIgnored")
  public synchronized @Nullable Stop end() {
    over = true;
    // Ours, or one that the executor left behind: the slot's next job must not see it.
    Thread.interrupted();
    return stop;
  }

  /** Why it was interrupted, or null. */
  public synchronized @Nullable Stop stopped() {
    return stop;
  }

  /** True if it was interrupted 30 s ago and still runs. */
  public synchronized boolean isStuck(long now) {
    return stop != null && !over && now - stoppedAt > STUCK_AFTER;
  }
}
