package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsQueues.Policy;
import com.amazonaws.jobprocessor.config.Settings;
import java.util.ArrayList;
import java.util.List;

/** Finds what in the queues' own settings works against the worker. */
record QueueWarnings(Settings settings) {
  /** What is wrong with the backlog and the dead-letter queue, if anything is. */
  List<Warning> of(Policy backlog, Policy deadLetters) {
    List<Warning> warnings = new ArrayList<>();
    addRedrive(warnings, backlog);
    addRetention(warnings, backlog, deadLetters);
    addSize(warnings, backlog, deadLetters);
    return warnings;
  }

  /** SQS counts the receives of a worker that died, too, and of those that gave the job back. */
  private void addRedrive(List<Warning> warnings, Policy backlog) {
    int enough = 2 * (settings.work().retries() + 1) + 8;
    backlog
        .maxReceiveCount()
        .filter(count -> count <= enough)
        .ifPresent(
            count ->
                warnings.add(
                    new Warning(
                            "the backlog queue's own redrive policy takes jobs away before their"
                                + " attempts are used up")
                        .with("queue", settings.queues().backlog())
                        .with("maxReceiveCount", count)
                        .with("should_be_above", enough)));
  }

  private void addRetention(List<Warning> warnings, Policy backlog, Policy deadLetters) {
    if (backlog.retention().isPresent()
        && deadLetters.retention().isPresent()
        && deadLetters.retention().get().compareTo(backlog.retention().get()) <= 0) {
      warnings.add(
          new Warning("the dead-letter queue keeps messages no longer than the backlog does")
              .with("queue", settings.queues().deadLetters())
              .with("retention_secs", deadLetters.retention().get().toSeconds())
              .with("backlog_retention_secs", backlog.retention().get().toSeconds()));
    }
  }

  private void addSize(List<Warning> warnings, Policy backlog, Policy deadLetters) {
    if (backlog.maxMessageBytes().isPresent()
        && deadLetters.maxMessageBytes().isPresent()
        && deadLetters.maxMessageBytes().get() < backlog.maxMessageBytes().get()) {
      warnings.add(
          new Warning(
                  "the dead-letter queue takes only smaller messages than the backlog: what it"
                      + " refuses stays in the backlog")
              .with("queue", settings.queues().deadLetters())
              .with("MaximumMessageSize", deadLetters.maxMessageBytes().get())
              .with("backlog_MaximumMessageSize", backlog.maxMessageBytes().get()));
    }
  }
}
