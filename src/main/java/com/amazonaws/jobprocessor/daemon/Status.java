package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.work.Worker;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says in a few words what the worker does: for {@code systemctl status}. */
final class Status {
  private Status() {}

  /**
   * The status.
   *
   * @param load null until the worker takes jobs
   * @param failing what AWS does not do at present, if there is such
   * @param drainLeft how long a drain may still take, if there is one
   */
  static String of(
      Worker.@Nullable Load load,
      int slots,
      Outage.@Nullable Failing failing,
      @Nullable Duration drainLeft) {
    if (drainLeft != null) {
      return load == null ? "stopping" : draining(load, drainLeft);
    }
    if (load == null) {
      return failing == null ? "looking for the queues" : waiting(failing);
    }
    String busy = load.running() + " of " + slots + " slots busy";
    return failing == null ? "taking jobs: " + busy : waiting(failing) + "; " + busy;
  }

  private static String draining(Worker.Load load, Duration left) {
    String what =
        load.running() > 0
            ? jobs(load.running()) + (load.running() == 1 ? " runs" : " run")
            : jobs(load.inFlight()) + " to be settled";
    String time =
        left.isPositive() ? "at most " + (left.toSeconds() + 1) + " s more" : "its time is over";
    return "draining: " + what + ", " + time;
  }

  private static String jobs(int count) {
    return count == 1 ? "1 job" : count + " jobs";
  }

  private static String waiting(Outage.Failing failing) {
    return "waiting for %s: %s %s: %s"
        .formatted(service(failing.action()), failing.action(), failing.at(), failing.code());
  }

  /** Whose action it is, as the calls at start and the work name them. */
  private static String service(String action) {
    if (action.endsWith("Object")) {
      return "S3";
    }
    return switch (action) {
      case "DescribeTable", "CreateTable", "claim", "renew", "record", "release" -> "DynamoDB";
      default -> "SQS";
    };
  }
}
