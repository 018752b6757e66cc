package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsQueues.Policy;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds what in the queues' own settings works against the worker. */
record QueueWarnings(Settings settings) {
  /** What is wrong with the three queues, if anything is. */
  List<Warning> of(Policy backlog, Policy results, Policy deadLetters) {
    List<Warning> warnings = new ArrayList<>();
    addRedrive(warnings, backlog);
    addShortRetention(warnings, backlog);
    addRetention(warnings, backlog, deadLetters);
    addSize(warnings, backlog, deadLetters);
    addSizeOfResults(warnings, results);
    return warnings;
  }

  private void addRedrive(List<Warning> warnings, Policy backlog) {
    if (backlog.takesJobsAway(settings.work().retries())) {
      warnings.add(
          new Warning(
                  "the backlog queue's own redrive policy takes jobs away before their"
                      + " attempts are used up")
              .with("queue", settings.queues().backlog())
              .with("maxReceiveCount", backlog.maxReceiveCount().orElseThrow())
              .with("should_be_above", Policy.enoughReceives(settings.work().retries())));
    }
  }

  /** SQS deletes a message at the end of its retention, even one that is in flight. */
  private void addShortRetention(List<Warning> warnings, Policy backlog) {
    long attempts = attemptsTakeSecs();
    if (backlog.retention().filter(kept -> kept.toSeconds() <= attempts).isPresent()) {
      warnings.add(
          new Warning(
                  "the backlog keeps messages for no longer than a job's attempts may take: SQS"
                      + " deletes jobs that wait or run for longer")
              .with("queue", settings.queues().backlog())
              .with("retention_secs", backlog.retention().orElseThrow().toSeconds())
              .with("attempts_secs", attempts));
    }
  }

  /** As long as expected, with the delays between them. */
  private long attemptsTakeSecs() {
    Settings.Work work = settings.work();
    long secs = work.expectedTime().toSeconds();
    RetryPolicy policy = new RetryPolicy(work.retries(), work.retryDelay());
    for (int attempt = 1; attempt <= work.retries(); attempt++) {
      secs += policy.delay(attempt, null, 1).toSeconds() + work.expectedTime().toSeconds();
    }
    return secs;
  }

  /**
   * Jobs that have waited for so long that SQS will soon delete them, if there are.
   *
   * @param oldest age of the oldest message received lately, or null
   */
  List<Warning> ofAge(Policy backlog, @Nullable Duration oldest) {
    Duration kept = backlog.retention().orElse(null);
    if (kept == null || oldest == null || oldest.compareTo(threeQuarters(kept)) < 0) {
      return List.of();
    }
    return List.of(
        new Warning(
                "jobs have waited for more than three quarters of the time that the backlog keeps"
                    + " them: SQS deletes those that wait for longer")
            .with("queue", settings.queues().backlog())
            .with("oldest_secs", oldest.toSeconds())
            .with("retention_secs", kept.toSeconds()));
  }

  private static Duration threeQuarters(Duration whole) {
    return Durations.part(Durations.times(whole, 3), 4);
  }

  private void addRetention(List<Warning> warnings, Policy backlog, Policy deadLetters) {
    if (deadLetters.isKeptNoLongerThan(backlog)) {
      warnings.add(
          new Warning("the dead-letter queue keeps messages no longer than the backlog does")
              .with("queue", settings.queues().deadLetters())
              .with("retention_secs", deadLetters.retention().orElseThrow().toSeconds())
              .with("backlog_retention_secs", backlog.retention().orElseThrow().toSeconds()));
    }
  }

  private void addSize(List<Warning> warnings, Policy backlog, Policy deadLetters) {
    if (deadLetters.takesLessThan(backlog)) {
      warnings.add(
          new Warning(
                  "the dead-letter queue takes only smaller messages than the backlog: what it"
                      + " refuses stays in the backlog")
              .with("queue", settings.queues().deadLetters())
              .with("MaximumMessageSize", deadLetters.maxMessageBytes().orElseThrow())
              .with("backlog_MaximumMessageSize", backlog.maxMessageBytes().orElseThrow()));
    }
  }

  private void addSizeOfResults(List<Warning> warnings, Policy results) {
    int most = results.maxMessageBytes().orElse(MessageFormat.MAX_BYTES);
    if (most < MessageFormat.MAX_BYTES) {
      warnings.add(
          new Warning(
                  "the results queue takes only smaller messages than SQS does: a job whose result"
                      + (settings.stores().payloadBucket() == null
                          ? " is larger fails"
                          : " is larger has it sent by way of the payload bucket"))
              .with("queue", settings.queues().results())
              .with("MaximumMessageSize", most));
    }
  }
}
