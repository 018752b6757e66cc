package com.amazonaws.jobprocessor.systemd;

import com.amazonaws.jobprocessor.stats.Limit;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Says in a few words what the worker does: for {@code systemctl status}. */
public final class StatusLine {
  private StatusLine() {}

  /** What a worker does, e.g. {@code taking jobs: 3 of 8 slots busy}. */
  public static String of(Snapshot worker) {
    Snapshot.Load load = worker.load();
    Outage.Failing failing = worker.trouble().failing();
    Duration drainLeft = worker.life().drainLeft();
    if (drainLeft != null) {
      return load == null ? "stopping" : draining(load, drainLeft, worker.life().drainReason());
    }
    if (load != null && worker.trouble().executorUnavailable() != null) {
      return "executor unavailable: " + worker.trouble().executorUnavailable();
    }
    if (load == null) {
      return failing == null ? "looking for the queues" : waiting(failing);
    }
    String busy = load.running() + " of " + worker.slots().count() + " slots busy";
    if (failing != null) {
      return waiting(failing) + "; " + busy;
    }
    return worker.trouble().limit().kind() == Limit.Kind.IN_FLIGHT
        ? "waiting: too many messages of "
            + worker.queues().backlog().name()
            + " are in flight, SQS gives out no more; "
            + busy
        : "taking jobs: " + busy;
  }

  private static String draining(Snapshot.Load load, Duration left, @Nullable String reason) {
    String what =
        load.running() > 0
            ? jobs(load.running()) + (load.running() == 1 ? " runs" : " run")
            : messages(load.inFlight()) + " to be settled";
    String time =
        left.isPositive() ? "at most " + (left.toSeconds() + 1) + " s more" : "its time is over";
    return "draining" + (reason == null ? "" : ", " + reason) + ": " + what + ", " + time;
  }

  private static String jobs(int count) {
    return count == 1 ? "1 job" : count + " jobs";
  }

  private static String messages(int count) {
    return count == 1 ? "1 message" : count + " messages";
  }

  private static String waiting(Outage.Failing failing) {
    return "waiting for %s: %s %s: %s"
        .formatted(failing.service(), failing.action(), failing.at(), failing.code());
  }
}
