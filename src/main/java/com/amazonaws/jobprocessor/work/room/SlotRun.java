package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A job that waits for a slot and then runs in it. What comes of it is what the first who knows
 * says: the slot, or whoever cannot wait for it any longer.
 */
public final class SlotRun {
  private final Job job;
  private final String definition;
  private final boolean suspect;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile long since;
  private volatile @Nullable Attempt attempt;

  /**
   * A run to be offered to the slots.
   *
   * @param suspect true if no other suspect may run beside it
   */
  public SlotRun(Job job, String definition, boolean suspect) {
    this.job = job;
    this.definition = definition;
    this.suspect = suspect;
  }

  /** The job. */
  public Job job() {
    return job;
  }

  /** What the executor is to be given. */
  public String definition() {
    return definition;
  }

  /** True if no other suspect may run beside it. */
  public boolean isSuspect() {
    return suspect;
  }

  /** Says what came of the job; true for the first caller, whose word counts. */
  public boolean end(Outcome what) {
    return outcome.complete(what);
  }

  /** Waits until somebody says what came of the job. */
  public Outcome await() throws InterruptedException {
    try {
      return outcome.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e); // nobody says so
    }
  }

  /** The attempt that a slot makes; null until it has the job. */
  public @Nullable Attempt attempt() {
    return attempt;
  }

  /** A slot has the job from now on. */
  void begin(Attempt made) {
    attempt = made;
  }

  /** It waits for a slot from now on. */
  void inLine(long now) {
    since = now;
  }

  /** When it began to wait for a slot. */
  long inLineSince() {
    return since;
  }
}
