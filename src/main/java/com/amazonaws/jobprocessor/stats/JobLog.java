package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.message.ThrowableText;
import com.amazonaws.jobprocessor.work.call.Traces;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Log lines about single jobs: at most 60 a minute, and 60 more for each of the two ends that
 * somebody must see to: failures for good, and jobs that were interrupted. What gets no line is
 * summed by its kind. A failure's stack trace is taken, to be logged, once a kind and minute.
 */
public final class JobLog implements Consumer<WorkEvent>, Traces {
  private static final Logger log = LoggerFactory.getLogger(JobLog.class);
  private static final int MAX_STACKS = 20;
  private static final int MAX_TEXT_BYTES = 1024;

  /** More than a worker of a thousand slots has in hand, but for packs. */
  private static final int MAX_UNBEGUN = 2_100;

  private static final String OUR_EXECUTORS = "com.amazonaws.jobprocessor.executors.";

  private final UnaryOperator<String> redact;
  private final RefusedLetters refused;
  private final LineBudget usual = new LineBudget();
  private final LineBudget deadLetters = new LineBudget();
  private final LineBudget interrupted = new LineBudget();
  private final LineBudget unbegun = new LineBudget(MAX_UNBEGUN);
  private final Set<String> stacks = new HashSet<>();
  private boolean stopping;

  /**
   * A log of jobs.
   *
   * @param redact takes secrets out of what executors and SQS say, before it is cut
   */
  public JobLog(UnaryOperator<String> redact) {
    this.redact = redact;
    this.refused = new RefusedLetters(this::shown);
  }

  @Override
  public void accept(WorkEvent event) {
    switch (event) {
      case WorkEvent.Retried retried -> retried(retried);
      case WorkEvent.DeadLettered dead -> deadLettered(dead.failure());
      case WorkEvent.DeadLetterRefused letter -> refused.log(letter);
      case WorkEvent.GivenBack back -> givenBack(back);
      case WorkEvent.LeaseLost lost -> leaseLost(lost.jobId());
      case WorkEvent.ExecutorUnavailable away ->
          log.atWarn()
              .addKeyValue("job_id", away.jobId())
              .addKeyValue("why", shown(away.why()))
              .log(
                  "executor unavailable; the job goes back, no more are received until it is available");
      case WorkEvent.ExecutorAvailable back ->
          log.atInfo()
              .addKeyValue("after_secs", back.after().toSeconds())
              .log("executor available again");
      default -> {}
    }
  }

  private void retried(WorkEvent.Retried retried) {
    FailedAttempt failure = retried.failure();
    boolean line = take(usual, "retried:" + failure.type());
    LoggingEventBuilder event = failed(Level.WARN, failure, line);
    if (line) {
      event.addKeyValue("retry_after_secs", retried.delay().toSeconds()).log("attempt failed");
    }
  }

  private void deadLettered(FailedAttempt failure) {
    boolean line = take(deadLetters, "dead_lettered:" + failure.type());
    LoggingEventBuilder event = failed(Level.ERROR, failure, line);
    if (line) {
      event.log("job failed for good; it is in the dead-letter queue");
    }
  }

  /** Adds the stack trace, if it has one, to the job's line or, if there is none, alone. */
  private LoggingEventBuilder failed(Level level, FailedAttempt failure, boolean line) {
    LoggingEventBuilder event = log.atLevel(level);
    if (line) {
      event =
          event.addKeyValue("job_id", failure.jobId()).addKeyValue("attempt", failure.attempt());
    }
    event =
        event
            .addKeyValue("error", ThrowableText.cut(failure.type(), MAX_TEXT_BYTES))
            .addKeyValue("message", shown(failure.message()));
    if (failure.trace() != null) {
      event = event.addKeyValue("stack", failure.trace());
      if (!line) {
        event.log("jobs fail for another reason as well");
      }
    }
    return event;
  }

  /** The trace of what an executor has thrown, if it is the first of its kind in this minute. */
  @Override
  public @Nullable StackText of(Throwable thrown) {
    return isNew(thrown) ? StackText.of(thrown, redact) : null;
  }

  /** What the executors that come with the worker throw says in its message all there is to say. */
  private boolean isNew(Throwable cause) {
    if (cause.getClass().getName().startsWith(OUR_EXECUTORS)
        && ThrowableText.chain(cause).size() == 1) {
      return false;
    }
    String kind = StackText.kind(cause);
    synchronized (this) {
      return stacks.size() < MAX_STACKS && stacks.add(kind);
    }
  }

  /**
   * During a stop each has its line: they are no more than the worker has in hand. Only those that
   * packs bring by thousands are summed.
   */
  private void givenBack(WorkEvent.GivenBack back) {
    boolean line;
    synchronized (this) {
      line = stopping && (back.ran() != null || unbegun.take("given_back:" + back.reason()));
      if (!line && !stopping && back.ran() == null) {
        usual.sum("given_back:" + back.reason());
      } else if (!line && !stopping) {
        line = interrupted.take("interrupted:" + back.reason());
      }
    }
    if (line) {
      LoggingEventBuilder event =
          log.atLevel(back.ran() == null ? Level.INFO : Level.WARN)
              .addKeyValue("job_id", back.jobId())
              .addKeyValue("reason", back.reason());
      if (back.ran() == null) {
        event.log("job given back; it was not running");
      } else {
        event
            .addKeyValue("ran_secs", back.ran().toSeconds())
            .log("job interrupted and given back; it will run again from its beginning");
      }
    }
  }

  private void leaseLost(String jobId) {
    if (take(usual, "lease_lost")) {
      log.atWarn().addKeyValue("job_id", jobId).log("lease lost; SQS delivers the job again");
    }
  }

  private synchronized boolean take(LineBudget budget, String kind) {
    return budget.take(ThrowableText.cut(kind, MAX_TEXT_BYTES));
  }

  private String shown(String text) {
    return ThrowableText.cut(redact.apply(text), MAX_TEXT_BYTES);
  }

  /** While the worker stops, each job that is given back has its line. */
  public synchronized void stopping(boolean so) {
    stopping = so;
  }

  /** To be called once a minute: logs the sums of what was not logged, and begins anew. */
  public void nextMinute() {
    Map<String, Integer> sums = new TreeMap<>();
    synchronized (this) {
      for (LineBudget budget : List.of(usual, deadLetters, interrupted, unbegun)) {
        budget.nextMinute().forEach((kind, count) -> sums.merge(kind, count, Integer::sum));
      }
      stacks.clear();
    }
    if (!sums.isEmpty()) {
      LoggingEventBuilder line = log.atInfo();
      for (Map.Entry<String, Integer> sum : sums.entrySet()) {
        line = line.addKeyValue(sum.getKey(), sum.getValue());
      }
      line.log("other job events in the last minute");
    }
    refused.nextMinute();
  }
}
