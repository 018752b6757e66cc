package com.amazonaws.jobprocessor.boss.dispatch;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells the log of results and dead letters that belong to no task: of the first at once, then of
 * how many came, once a minute, since others may have a backlog of them in the queue. Safe for use
 * by several threads.
 */
public final class StrayLog {
  private static final Logger LOG = LoggerFactory.getLogger(StrayLog.class);
  private static final long PAUSE = TimeUnit.MINUTES.toNanos(1);

  private final String queue;
  private final LongSupplier nanoTime;
  private long untold;
  private long toldAt;
  private boolean told;

  /** Of one queue, whoever reads it. */
  public StrayLog(String queue, LongSupplier nanoTime) {
    this.queue = queue;
    this.nanoTime = nanoTime;
  }

  /**
   * To be called after each receive.
   *
   * @param strays how many it brought, 0 as well: what is untold may be due
   */
  synchronized void received(int strays) {
    untold += strays;
    long now = nanoTime.getAsLong();
    if (untold == 0 || (told && now - toldAt < PAUSE)) {
      return;
    }
    LOG.warn(
        "{}{} in the queue {} belong to no task: they are kept, see /api/v1/strays",
        untold,
        told ? " more" : "",
        queue);
    untold = 0;
    toldAt = now;
    told = true;
  }
}
