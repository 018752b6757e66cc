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
}
