package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Attempt;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Whether the executor can run jobs on this box. While it says that it cannot, the worker receives
 * nothing but, now and then, one job to try with. Safe for use by several threads.
 */
public final class ExecutorHealth {
  private static final long FIRST = Duration.ofSeconds(1).toNanos();
  private static final long MAX = Duration.ofMinutes(1).toNanos();

  /** So many failures still count for the next pause if the box was well for under a minute. */
  private static final int MAX_CARRIED = 3;

  private final MonotonicClock clock;
  private final Consumer<WorkEvent> events;
  private @Nullable String why;
  private long since;
  private long wellSince;
  private long saidAt;
  private long until;
  private int failures;
  private boolean mayTry;
  private boolean tries;

  /** A box that is taken for well. */
  public ExecutorHealth(MonotonicClock clock, Consumer<WorkEvent> events) {
    this.clock = clock;
    this.events = events;
    this.until = clock.nanoTime();
    this.wellSince = until;
  }

  /**
   * The executor says that it cannot run jobs on this box now; told once.
   *
   * @param reason as it may be shown on pages: short, and without secrets
   */
  public void unavailable(String jobId, String reason) {
    boolean first;
    synchronized (this) {
      saidAt = clock.nanoTime();
      first = why == null;
      if (first) {
        since = saidAt;
        failures = since - wellSince < MAX ? Math.min(failures, MAX_CARRIED) : 0;
      }
      why = reason;
      // Jobs that ran side by side and say the same count once.
      if (first || tries) {
        tries = false;
        failures++;
        until = saidAt + jitteredStep();
      }
    }
    if (first) {
      events.accept(new WorkEvent.ExecutorUnavailable(jobId, reason));
    }
  }

  /**
   * An attempt has ended by its time limit. That proves nothing; a try was in vain, and the next
   * one comes later.
   */
  public synchronized void timedOut(Attempt attempt) {
    if (tries && beganSinceItSaidSo(attempt)) {
      tries = false;
      failures++;
      until = clock.nanoTime() + jitteredStep();
    }
  }

  private boolean beganSinceItSaidSo(Attempt attempt) {
    long now = clock.nanoTime();
    return why != null && now - attempt.ran(now).toNanos() - saidAt >= 0;
  }

  /** An attempt has ended otherwise: if it began after the executor last said so, all is well. */
  public void worked(Attempt attempt) {
    Duration after;
    synchronized (this) {
      if (!beganSinceItSaidSo(attempt)) {
        return;
      }
      wellSince = clock.nanoTime();
      after = Duration.ofNanos(wellSince - since);
      why = null;
      mayTry = false;
      tries = false;
    }
    events.accept(new WorkEvent.ExecutorAvailable(after));
  }

  /**
   * A receive begins: while the executor is unavailable it brings a job to try with, and the next
   * comes after another pause.
   */
  public synchronized void beginTry() {
    if (why != null) {
      mayTry = true;
      until = clock.nanoTime() + jitteredStep();
    }
  }

  private long jitteredStep() {
    long step = Math.min(MAX, FIRST << Math.min(failures, 20));
    return step / 2 + ThreadLocalRandom.current().nextLong(step / 2 + 1);
  }

  /** Why the executor cannot run jobs on this box now; null if it can. */
  public synchronized @Nullable String why() {
    return why;
  }

  /** Why a job is not to be begun now; null if it may be, be it to try: then it is the only one. */
  public synchronized @Nullable String whyNotBegin() {
    if (why == null || !mayTry) {
      return why;
    }
    mayTry = false;
    tries = true;
    return null;
  }

  /** The same without taking the try: who may not begin need not claim its job either. */
  public synchronized @Nullable String whyNotClaim() {
    return mayTry ? null : why;
  }

  /** Nanoseconds for which no job is to be received; 0 or less if one may be. */
  public synchronized long nanosAway() {
    return why == null ? 0 : until - clock.nanoTime();
  }
}
