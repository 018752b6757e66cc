package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/** Log lines about single jobs: at most 60 a minute, the rest summed by the kind of event. */
public final class JobLog implements Consumer<WorkEvent> {
  private static final Logger log = LoggerFactory.getLogger(JobLog.class);
  private static final int MOST_A_MINUTE = 60;
  private static final int MOST_KINDS = 20;
  private static final int MAX_REFUSALS_A_MINUTE = 10;
  private static final int MAX_REFUSED = 1_000;

  private final Map<String, Integer> unlogged = new TreeMap<>();
  private final Map<String, Boolean> refused =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
          return size() > MAX_REFUSED;
        }
      };
  private int logged;
  private int refusalsLogged;

  @Override
  public void accept(WorkEvent event) {
    switch (event) {
      case WorkEvent.Retried retried -> willRetry(retried.failure(), retried.delay());
      case WorkEvent.DeadLettered dead -> deadLettered(dead.failure());
      case WorkEvent.GivenBack back -> sum("given back: " + back.reason());
      case WorkEvent.LeaseLost lost -> leaseLost(lost.jobId());
      case WorkEvent.DeadLetterRefused refused -> deadLetterRefused(refused);
      default -> {}
    }
  }

  private void willRetry(FailedAttempt failure, Duration delay) {
    if (mayLog(failure.type())) {
      failed(Level.WARN, failure)
          .addKeyValue("retry_after_secs", delay.toSeconds())
          .log("attempt failed");
    }
  }

  private void deadLettered(FailedAttempt failure) {
    if (mayLog(failure.type())) {
      failed(Level.ERROR, failure).log("job failed for good; it is in the dead-letter queue");
    }
  }

  private static LoggingEventBuilder failed(Level level, FailedAttempt failure) {
    return log.atLevel(level)
        .addKeyValue("job_id", failure.jobId())
        .addKeyValue("attempt", failure.attempt())
        .addKeyValue("error", failure.type())
        .addKeyValue("message", failure.message());
  }

  /** Once for each job, whatever else happens: all its returns are in the sums. */
  private void deadLetterRefused(WorkEvent.DeadLetterRefused event) {
    if (mayLogRefusal(event.jobId())) {
      log.atWarn()
          .addKeyValue("job_id", event.jobId())
          .addKeyValue("queue", event.queue())
          .addKeyValue("error", event.code())
          .addKeyValue("message", event.message())
          .addKeyValue("again_after_secs", event.delay().toSeconds())
          .log("the dead-letter queue refused a dead letter; its job goes back and is tried again");
    }
  }

  private synchronized boolean mayLogRefusal(String jobId) {
    if (refusalsLogged >= MAX_REFUSALS_A_MINUTE || refused.put(jobId, true) != null) {
      return false;
    }
    refusalsLogged++;
    return true;
  }

  private void leaseLost(String jobId) {
    if (mayLog("lease lost")) {
      log.atWarn().addKeyValue("job_id", jobId).log("lease lost; SQS delivers the job again");
    }
  }

  private synchronized boolean mayLog(String kind) {
    if (logged < MOST_A_MINUTE) {
      logged++;
      return true;
    }
    sum(kind);
    return false;
  }

  private synchronized void sum(String kind) {
    String known = unlogged.containsKey(kind) || unlogged.size() < MOST_KINDS ? kind : "other";
    unlogged.merge(known, 1, Integer::sum);
  }

  /** To be called once a minute: logs the sums of what was not logged, and begins anew. */
  public void nextMinute() {
    Map<String, Integer> sums;
    synchronized (this) {
      logged = 0;
      refusalsLogged = 0;
      sums = new TreeMap<>(unlogged);
      unlogged.clear();
    }
    if (!sums.isEmpty()) {
      LoggingEventBuilder line = log.atInfo();
      for (Map.Entry<String, Integer> sum : sums.entrySet()) {
        line = line.addKeyValue(sum.getKey(), sum.getValue());
      }
      line.log("what else happened to jobs");
    }
  }
}
