package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once in the log that the database needs a person, and when it does no more. That it is away
 * or busy the boss's own loops say. Safe for use by several threads.
 */
final class Health {
  private static final Logger LOG = LoggerFactory.getLogger(Health.class);

  /** What has worked may have been written to where there was room still. */
  private static final Duration QUIET = Duration.ofMinutes(1);

  private volatile boolean ill;
  private long failedAt;

  void failed(Trouble trouble) {
    if (trouble == Trouble.FULL || trouble == Trouble.SHORT) {
      note(trouble);
    }
  }

  private synchronized void note(Trouble trouble) {
    failedAt = System.nanoTime();
    if (!ill) {
      ill = true;
      LOG.error(
          "{}: give it more; nothing that was stored is lost, and the boss goes on by itself then",
          trouble.words());
    }
  }

  void worked() {
    if (ill) {
      recover();
    }
  }

  private synchronized void recover() {
    if (ill && System.nanoTime() - failedAt > QUIET.toNanos()) {
      ill = false;
      LOG.info("the boss's database can write again");
    }
  }
}
