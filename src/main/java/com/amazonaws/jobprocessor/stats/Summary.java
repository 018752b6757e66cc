package com.amazonaws.jobprocessor.stats;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line a minute when there was work, and one at the end, after that of the cost. */
public final class Summary {
  private static final Logger log = LoggerFactory.getLogger(Summary.class);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Supplier<Snapshot> snapshots;
  private final JobLog jobLog;
  private final CostLog costLog;
  private final Duration every;
  private final CountDownLatch ended = new CountDownLatch(1);
  private Counts before;
  private long requestsBefore;

  /**
   * A summary of what the snapshots say.
   *
   * @param costLog knows how many requests were made to SQS, too
   * @param every how often a line is logged
   */
  public Summary(Supplier<Snapshot> snapshots, JobLog jobLog, CostLog costLog, Duration every) {
    this.every = every;
    this.before = snapshots.get().counts();
    this.requestsBefore = costLog.calls();
    this.snapshots = snapshots;
    this.jobLog = jobLog;
    this.costLog = costLog;
  }

  /** Logs a line a minute, until {@link #end}; for a thread of its own. */
  public void run() throws InterruptedException {
    while (!ended.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
      try {
        logMinuteOrWhyNot();
      } catch (RuntimeException e) {
        // Not even that can be logged: perhaps in a minute.
      }
    }
  }

  private void logMinuteOrWhyNot() {
    try {
      logMinute();
    } catch (RuntimeException e) {
      log.error("cannot log the summary of the last minute", e);
    }
  }

  /** The lines about single jobs come first: without them no job would be logged any more. */
  private void logMinute() {
    jobLog.nextMinute();
    Counts now = snapshots.get().counts();
    long requestsNow = costLog.calls();
    Counts since = now.minus(before);
    long requestsSince = requestsNow - requestsBefore;
    boolean changed = !now.equals(before);
    before = now;
    requestsBefore = requestsNow;
    if (changed) {
      log(lastMinute(since), since, requestsSince, every);
    }
  }

  /** Names the setting that keeps the worker from doing more, if it did for half of the time. */
  static String lastMinute(Counts minute) {
    return minute.of(Count.POLL_RATE_NANOS) > MINUTE.toNanos() / 2
        ? "last minute, limited by poll_rate_per_min"
        : "last minute";
  }

  /**
   * Logs what is left to be said, and the sums since the start.
   *
   * @param worked false after a start that has come to no worker: that has no cost worth a line
   */
  public void end(boolean worked) {
    ended.countDown();
    jobLog.nextMinute();
    Snapshot last = snapshots.get();
    if (worked) {
      costLog.log(last.counts().jobs(), last.life().uptime());
    }
    log("stopped", last.counts(), costLog.calls(), last.life().uptime());
  }

  private static void log(String message, Counts counts, long requests, Duration time) {
    log.atInfo()
        .addKeyValue("jobs", counts.jobs())
        .addKeyValue("succeeded", counts.of(Count.SUCCEEDED))
        .addKeyValue("dead_lettered", counts.of(Count.DEAD_LETTERED))
        .addKeyValue("letters_refused", counts.of(Count.LETTERS_REFUSED))
        .addKeyValue("retried", counts.of(Count.RETRIED))
        .addKeyValue("given_back", counts.of(Count.GIVEN_BACK))
        .addKeyValue("leases_lost", counts.of(Count.LEASES_LOST))
        .addKeyValue("run_secs", counts.of(Count.RAN_MICROS) / 1_000_000)
        .addKeyValue("api_requests", requests)
        .addKeyValue("secs", time.toSeconds())
        .log(message);
  }
}
