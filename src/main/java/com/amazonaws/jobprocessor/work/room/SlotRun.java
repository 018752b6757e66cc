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
  private final @Nullable PackRun pack;
  private final CompletableFuture<Outcome> outcome = new CompletableFuture<>();
  private volatile long since;
  private volatile @Nullable Attempt attempt;
  private volatile SlotRun current = this;
  private long reportedAt;
  private int unreported;

  /**
   * A run to be offered to the slots.
   *
   * @param suspect true if no other suspect may run beside it
   */
  public SlotRun(Job job, String definition, boolean suspect) {
    this.job = job;
    this.definition = definition;
    this.suspect = suspect;
    this.pack = null;
  }

  /** A run of a pack's job, which is told what comes of it. */
  SlotRun(Job job, PackRun pack) {
    this.job = job;
    this.definition = job.body();
    this.suspect = false;
    this.pack = pack;
  }

  /** The pack whose jobs the slot takes one after the other, or null. */
  @Nullable PackRun pack() {
    return pack;
  }

  /**
   * The run that the slot is at which has begun with this one: itself, or a later one of its pack.
   */
  SlotRun current() {
    return current;
  }

  /** The slot goes on with another job of the pack. */
  void goOn(SlotRun next) {
    current = next;
    unreported++;
  }

  /** True if jobs of the pack have ended that were not counted for so long; for the slot alone. */
  boolean isCountDue(long now, long every) {
    return unreported > 0 && now - reportedAt >= every;
  }

  /**
   * How many of the pack's jobs have ended since the last count, this one not; for the slot alone.
   */
  int count(long now) {
    reportedAt = now;
    int count = unreported;
    unreported = 0;
    return count;
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
    if (!outcome.complete(what)) {
      return false;
    }
    if (pack != null) {
      pack.ended(job, what);
    }
    return true;
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
