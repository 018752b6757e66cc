package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.SqsQueues.Description;
import com.amazonaws.jobprocessor.aws.SqsQueues.Policy;
import com.amazonaws.jobprocessor.port.QueueGauge;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What in three queues' counts and settings works against workers and those who wait for them. */
final class QueueProblems {
  /**
   * A queue by its name.
   *
   * @param description null if there is no such queue
   */
  record Named(String name, Description description) {
    boolean exists() {
      return description != null;
    }

    private Policy policy() {
      return description.policy();
    }
  }

  private QueueProblems() {}

  /**
   * The problems, each a sentence.
   *
   * @param retries of a job after its first attempt: the workers' job_failure_retries
   */
  static List<String> of(Named backlog, Named results, Named deadLetters, int retries) {
    List<String> problems = new ArrayList<>();
    if (backlog.exists()) {
      addBacklog(problems, backlog, retries);
    }
    addOwnRedrive(problems, results, "results");
    addOwnRedrive(problems, deadLetters, "dead letters");
    if (backlog.exists() && deadLetters.exists()) {
      addDeadLetters(problems, backlog, deadLetters);
    }
    return problems;
  }

  private static void addBacklog(List<String> problems, Named backlog, int retries) {
    if (backlog.policy().takesJobsAway(retries)) {
      problems.add(
          ("the redrive policy of \"%s\" takes a job away after %s receives, before its attempts are"
                  + " used up; with %s its maxReceiveCount should be above %s, or there should be no"
                  + " policy: workers send dead letters themselves")
              .formatted(
                  backlog.name(),
                  backlog.policy().maxReceiveCount().orElseThrow(),
                  retries == 1 ? "1 retry" : retries + " retries",
                  Policy.enoughReceives(retries)));
    }
    long inFlight = backlog.description().counts().inFlight();
    if (inFlight >= QueueGauge.MANY_IN_FLIGHT) {
      problems.add(
          String.format(
              Locale.ROOT,
              "%,d messages of \"%s\" are in flight; SQS gives out no more beyond about %,d",
              inFlight,
              backlog.name(),
              QueueGauge.MAX_IN_FLIGHT));
    }
  }

  /** Whoever looks at a message has received it, and SQS counts that. */
  private static void addOwnRedrive(List<String> problems, Named queue, String what) {
    if (queue.exists() && queue.policy().maxReceiveCount().isPresent()) {
      problems.add(
          "the redrive policy of \"%s\" takes %s away that have been looked at %s"
              .formatted(
                  queue.name(), what, Text.count(queue.policy().maxReceiveCount().get(), "time")));
    }
  }

  private static void addDeadLetters(List<String> problems, Named backlog, Named deadLetters) {
    if (deadLetters.policy().isKeptNoLongerThan(backlog.policy())) {
      problems.add(
          "\"%s\" keeps dead letters for %s, no longer than \"%s\" keeps jobs"
              .formatted(
                  deadLetters.name(),
                  time(deadLetters.policy().retention().orElseThrow()),
                  backlog.name()));
    }
    if (deadLetters.policy().takesLessThan(backlog.policy())) {
      problems.add(
          String.format(
              Locale.ROOT,
              "\"%s\" takes only messages of up to %,d bytes, fewer than \"%s\": larger jobs that fail stay there",
              deadLetters.name(),
              deadLetters.policy().maxMessageBytes().orElseThrow(),
              backlog.name()));
    }
  }

  /** A time in its largest unit that is whole, e.g. {@code 14 days}. */
  static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds % 86_400 == 0) {
      return Text.count(seconds / 86_400, "day");
    }
    if (seconds % 3_600 == 0) {
      return Text.count(seconds / 3_600, "hour");
    }
    return seconds % 60 == 0 ? Text.count(seconds / 60, "minute") : Text.count(seconds, "second");
  }
}
