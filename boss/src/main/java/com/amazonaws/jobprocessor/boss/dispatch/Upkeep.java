package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after what is late and what is old. */
public final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration LONGEST_RUN = Duration.ofHours(12);
  private static final int CHUNK = 1_000;

  /** A clock that is this much ahead of where it should be was set. */
  private static final Duration JUMP = Duration.ofHours(1);

  private final Outbox outbox;
  private final Retention retention;
  private final Rules rules;
  private final InstantSource clock;
  private final LongSupplier nanoTime;
  private Instant last;
  private long lastNanos;

  /** Until then, by {@link #nanoTime}, nothing is taken for old. */
  private long heldUntil;

  /**
   * What is late.
   *
   * @param answerWithin so long after it was sent a task should have an answer
   * @param jobTable true if the workers run each job id once, whatever comes twice
   * @param kept how long the backlog queue keeps a message
   */
  public record Rules(Duration answerWithin, boolean jobTable, Duration kept) {}

  /**
   * Looks after the tasks of an outbox.
   *
   * @param nanoTime of a clock that nobody sets
   */
  public Upkeep(
      Outbox outbox, Retention retention, Rules rules, InstantSource clock, LongSupplier nanoTime) {
    this.outbox = outbox;
    this.retention = retention;
    this.rules = rules;
    this.clock = clock;
    this.nanoTime = nanoTime;
    this.last = clock.instant();
    this.lastNanos = nanoTime.getAsLong();
    this.heldUntil = lastNanos;
  }

  /** Does it once. */
  public void step() throws InterruptedException {
    if (mayBelieveTheClock()) {
      lookAfterWhatIsLate();
      retention.apply();
    }
    retention.giveBackSpace();
  }

  /**
   * A clock that was set far ahead by mistake makes everything old: for an hour nothing is deleted,
   * sent again or asked for because of that, so that there is time to set it right.
   */
  private boolean mayBelieveTheClock() {
    Instant now = clock.instant();
    long nanos = nanoTime.getAsLong();
    Duration jump = Duration.between(last, now).minusNanos(nanos - lastNanos);
    last = now;
    lastNanos = nanos;
    if (jump.compareTo(JUMP) > 0) {
      heldUntil = nanos + JUMP.toNanos();
      LOG.warn(
          "the clock was set ahead by {}: nothing is deleted or sent again for its age within the"
              + " next hour",
          jump.truncatedTo(ChronoUnit.SECONDS));
    }
    return nanos - heldUntil >= 0;
  }

  /**
   * A task may go out again if its message cannot be run any more, or if running it twice is left
   * to the workers' job table. Else a person is asked.
   */
  private void lookAfterWhatIsLate() {
    Instant now = clock.instant();
    Instant late = now.minus(rules.answerWithin());
    // What a worker has sent back of a pack is a new message, which the queue keeps as long again.
    Instant gone = now.minus(rules.kept().multipliedBy(2)).minus(LONGEST_RUN);
    int again = outbox.overdue(rules.jobTable() ? late : gone, true, CHUNK);
    if (again > 0) {
      LOG.warn("{} tasks have no answer and are sent again", again);
    }
    int asked = rules.jobTable() ? 0 : outbox.overdue(late, false, CHUNK);
    if (asked > 0) {
      LOG.warn(
          "{} tasks have no answer after {}: retry or cancel them (state unanswered)",
          asked,
          rules.answerWithin());
    }
  }
}
