package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.List;
import java.util.Optional;

/** Looks at queues, and says what is missing rather than to fail. */
final class QueueLook {
  private static final int USUAL_RETRIES = 1;

  /**
   * What was seen of a queue.
   *
   * @param description null if there is no such queue, or it may not be looked at
   * @param isMissing true if there is no such queue
   * @param problems why it was not seen: none or one
   */
  record Seen(
      String name, SqsQueues.Description description, boolean isMissing, List<String> problems) {
    /** About how many messages it has; null if that is not known. */
    SqsQueues.Counts counts() {
      return description == null ? null : description.counts();
    }
  }

  private final SqsQueues queues;
  private final String region;
  private final Subcommand command;

  QueueLook(AwsSession aws, Subcommand command) throws InvalidEnvironment {
    this.queues = aws.queues();
    this.region = aws.region();
    this.command = command;
  }

  /** Looks at a queue; a right that is missing is a problem of the answer. */
  Seen look(String name) throws CallFailed, InterruptedException {
    String right = "sqs:GetQueueUrl";
    try {
      Optional<SqsQueue> queue = command.read(() -> queues.find(name));
      if (queue.isEmpty()) {
        return new Seen(
            name, null, true, List.of("there is no queue \"" + name + "\" in " + region));
      }
      right = "sqs:GetQueueAttributes";
      return new Seen(name, command.read(() -> queues.describe(queue.get())), false, List.of());
    } catch (CallFailed e) {
      if (!isDenied(e)) {
        throw e;
      }
      return new Seen(
          name,
          null,
          false,
          List.of(
              "the right "
                  + right
                  + " on the queue \""
                  + name
                  + "\" is missing (docs/iam.md): "
                  + Failures.reason(e)));
    }
  }

  static boolean isDenied(CallFailed e) {
    return e.code().contains("AccessDenied") || e.code().contains("Unauthorized");
  }

  /** What in the settings of backlog, results and dead letters works against the workers. */
  static List<String> warnings(List<Seen> three) {
    List<QueueProblems.Named> named =
        three.stream()
            .map(queue -> new QueueProblems.Named(queue.name(), queue.description()))
            .toList();
    return QueueProblems.of(named.get(0), named.get(1), named.get(2), USUAL_RETRIES);
  }
}
