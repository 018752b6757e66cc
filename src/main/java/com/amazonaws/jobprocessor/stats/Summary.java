package com.amazonaws.jobprocessor.stats;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line a minute when there was work, and one at the end, after that of the cost. */
public final class Summary {
  private static final Logger log = LoggerFactory.getLogger(Summary.class);

  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Supplier<Snapshot> snapshots;
  private final JobLog jobLog;
  private final LongSupplier requests;
  private final CostLog costLog;
  private final CountDownLatch ended = new CountDownLatch(1);

  /**
   * A summary of what the snapshots say.
   *
   * @param requests how many were made to SQS
   */
  public Summary(
      Supplier<Snapshot> snapshots, JobLog jobLog, LongSupplier requests, CostLog costLog) {
    this.snapshots = snapshots;
    this.jobLog = jobLog;
    this.requests = requests;
    this.costLog = costLog;
  }

  /** Logs a line a minute, until {@link #end}; for a thread of its own. */
  public void run() throws InterruptedException {
    Counts before = snapshots.get().counts();
    long requestsBefore = requests.getAsLong();
    while (!ended.await(1, TimeUnit.MINUTES)) {
      Counts now = snapshots.get().counts();
      long requestsNow = requests.getAsLong();
      if (!now.equals(before)) {
        Counts minute = now.minus(before);
        log(lastMinute(minute), minute, requestsNow - requestsBefore, MINUTE);
      }
      before = now;
      requestsBefore = requestsNow;
      jobLog.nextMinute();
    }
  }

  /** Names the setting that keeps the worker from doing more, if it did for half of the time. */
  static String lastMinute(Counts minute) {
    return minute.pollRateNanos() > MINUTE.toNanos() / 2
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
    log("stopped", last.counts(), requests.getAsLong(), last.life().uptime());
  }

  private static void log(String message, Counts counts, long requests, Duration time) {
    log.atInfo()
        .addKeyValue("jobs", counts.jobs())
        .addKeyValue("succeeded", counts.succeeded())
        .addKeyValue("dead_lettered", counts.deadLettered())
        .addKeyValue("retried", counts.retried())
        .addKeyValue("given_back", counts.givenBack())
        .addKeyValue("leases_lost", counts.leasesLost())
        .addKeyValue("run_secs", counts.ranMillis() / 1000)
        .addKeyValue("api_requests", requests)
        .addKeyValue("secs", time.toSeconds())
        .log(message);
  }
}
