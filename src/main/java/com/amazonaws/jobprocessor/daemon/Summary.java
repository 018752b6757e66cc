package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsCalls;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A line a minute when there was work, and one at the end, after that of the cost. */
final class Summary {
  private static final Logger log = LoggerFactory.getLogger(Summary.class);

  private final Counters counters;
  private final JobLog jobLog;
  private final SqsCalls calls;
  private final CostLog costLog;
  private final Duration every;
  private final long startedAt = System.nanoTime();
  private final CountDownLatch ended = new CountDownLatch(1);
  private Counters.Counts before;
  private long callsBefore;

  Summary(Counters counters, JobLog jobLog, SqsCalls calls, CostLog costLog, Duration every) {
    this.every = every;
    this.counters = counters;
    this.jobLog = jobLog;
    this.calls = calls;
    this.costLog = costLog;
    this.before = counters.now();
  }

  void start() {
    Thread.ofVirtual().name("summary").start(this::run);
  }

  private void run() {
    try {
      while (!ended.await(every.toNanos(), TimeUnit.NANOSECONDS)) {
        try {
          logMinuteOrWhyNot();
        } catch (RuntimeException e) {
          // Not even that can be logged: perhaps in a minute.
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (Throwable t) {
      JobProcessor.die(t);
    }
  }

  private void logMinuteOrWhyNot() {
    try {
      logMinute();
    } catch (RuntimeException e) {
      log.error("the summary of the last minute could not be logged", e);
    }
  }

  /** The lines about single jobs come first: without them no job would be logged any more. */
  private void logMinute() {
    jobLog.nextMinute();
    Counters.Counts now = counters.now();
    long callsNow = calls.made();
    Counters.Counts since = now.minus(before);
    long callsSince = callsNow - callsBefore;
    boolean changed = !now.equals(before);
    before = now;
    callsBefore = callsNow;
    if (changed) {
      log("last minute", since, callsSince, every);
    }
  }

  /** Logs what is left to be said, and the sums since the start. */
  void end() {
    ended.countDown();
    jobLog.nextMinute();
    Counters.Counts counts = counters.now();
    Duration time = Duration.ofNanos(System.nanoTime() - startedAt);
    costLog.log(counts.jobs(), time);
    log("stopped", counts, calls.made(), time);
  }

  private static void log(String message, Counters.Counts counts, long requests, Duration time) {
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
