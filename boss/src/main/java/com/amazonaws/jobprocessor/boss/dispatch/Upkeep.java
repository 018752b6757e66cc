package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Retention;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after what is late and what is old. */
public final class Upkeep {
  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);
  private static final Duration LONGEST_RUN = Duration.ofHours(12);
  private static final int CHUNK = 1_000;

  private final Outbox outbox;
  private final Retention retention;
  private final Rules rules;
  private final InstantSource clock;

  /**
   * What is late.
   *
   * @param answerWithin so long after it was sent a task should have an answer
   * @param jobTable true if the workers run each job id once, whatever comes twice
   * @param kept how long the backlog queue keeps a message
   */
  public record Rules(Duration answerWithin, boolean jobTable, Duration kept) {}

  /** Looks after the tasks of an outbox. */
  public Upkeep(Outbox outbox, Retention retention, Rules rules, InstantSource clock) {
    this.outbox = outbox;
    this.retention = retention;
    this.rules = rules;
    this.clock = clock;
  }

  /** Does it once. */
  public void step() throws InterruptedException {
    lookAfterWhatIsLate();
    retention.apply();
  }

  /**
   * A task may go out again if its message cannot be run any more, or if running it twice is left
   * to the workers' job table. Else a person is asked.
   */
  private void lookAfterWhatIsLate() {
    Instant now = clock.instant();
    Instant late = now.minus(rules.answerWithin());
    Instant gone = now.minus(rules.kept()).minus(LONGEST_RUN);
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
