package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.config.Settings;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds the three queues at start, makes what is missing if it may, and warns of settings of the
 * queues that work against the worker.
 */
final class QueueSetup {
  private static final Logger log = LoggerFactory.getLogger(QueueSetup.class);
  private static final Duration LONGEST_RETENTION = Duration.ofDays(14);

  private final SqsQueues queues;
  private final Settings settings;
  private final FindOrCreate findOrCreate;

  QueueSetup(SqsQueues queues, Settings settings, FindOrCreate findOrCreate) {
    this.queues = queues;
    this.settings = settings;
    this.findOrCreate = findOrCreate;
  }

  /** The three queues. */
  record Found(SqsQueue backlog, SqsQueue results, SqsQueue deadLetters) {}

  /**
   * Finds or makes the queues, however long SQS takes to answer.
   *
   * @throws StartRefused if one is missing and may not be made
   */
  Found run() throws StartRefused, InterruptedException {
    Settings.Queues names = settings.queues();
    Optional<Duration> usual = Optional.empty();
    Optional<Duration> longest = Optional.of(LONGEST_RETENTION);
    return new Found(
        findOrCreate("job_backlog_queue_name", names.backlog(), usual),
        findOrCreate("results_queue_name", names.results(), longest),
        findOrCreate("dead_letter_queue_name", names.deadLetters(), longest));
  }

  private SqsQueue findOrCreate(String key, String name, Optional<Duration> retention)
      throws StartRefused, InterruptedException {
    return findOrCreate.run(
        new FindOrCreate.Named(key, "queue", name),
        new FindOrCreate.Action<>("GetQueueUrl", () -> queues.find(name)),
        new FindOrCreate.Action<>("CreateQueue", () -> create(name, retention)));
  }

  private SqsQueue create(String name, Optional<Duration> retention)
      throws CallFailed, InterruptedException {
    SqsQueue made = queues.create(name, retention);
    log.atInfo()
        .addKeyValue("queue", name)
        .addKeyValue("region", findOrCreate.region())
        .log("made a queue that was missing");
    return made;
  }

  /**
   * Warns of what in the queues' own settings works against the worker; it need not wait for that.
   */
  void warn(Found found) throws InterruptedException {
    try {
      new QueueWarnings(settings)
          .of(
              policy(found.backlog()),
              policyOfResults(found.results()),
              policy(found.deadLetters()))
          .forEach(warning -> warning.log(log));
    } catch (CallFailed e) {
      log.atInfo()
          .addKeyValue("error", e.code())
          .log(
              "cannot read the queues' attributes: their redrive policy, retention and"
                  + " MaximumMessageSize are not checked");
    }
  }

  /** The right to read it is not needed for the other warnings. */
  private SqsQueues.Policy policyOfResults(SqsQueue queue) throws InterruptedException {
    try {
      return policy(queue);
    } catch (CallFailed e) {
      return SqsQueues.Policy.UNKNOWN;
    }
  }

  private SqsQueues.Policy policy(SqsQueue queue) throws CallFailed, InterruptedException {
    return findOrCreate.retry().once("GetQueueAttributes", () -> queues.policy(queue));
  }
}
