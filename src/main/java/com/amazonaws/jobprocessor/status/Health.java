package com.amazonaws.jobprocessor.status;

import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** {@code /livez} and {@code /healthz}: 200 and {@code ok}, or 503 and why not, in one line. */
final class Health implements Resource {
  private final Supplier<Snapshot> snapshots;
  private final Function<Snapshot, @Nullable String> whyNot;

  private Health(Supplier<Snapshot> snapshots, Function<Snapshot, @Nullable String> whyNot) {
    this.snapshots = snapshots;
    this.whyNot = whyNot;
  }

  /** Whether the worker's loops turn. */
  static Health live(Supplier<Snapshot> snapshots) {
    return new Health(snapshots, Health::whyNotLive);
  }

  /** Whether the worker polls. */
  static Health ready(Supplier<Snapshot> snapshots) {
    return new Health(snapshots, Health::whyNotReady);
  }

  @Override
  public Reply get(String accept) {
    String why = whyNot.apply(snapshots.get());
    return why == null ? Reply.line(200, "ok") : Reply.line(503, oneLine(why));
  }

  private static String oneLine(String text) {
    return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ");
  }

  /** As systemd's watchdog has it: something takes longer than it ever should. */
  static @Nullable String whyNotLive(Snapshot now) {
    if (!now.trouble().stuck().isEmpty()) {
      Snapshot.Stuck first = now.trouble().stuck().getFirst();
      return "stuck for " + first.lasts().toSeconds() + " s: " + first.what();
    }
    return null;
  }

  static @Nullable String whyNotReady(Snapshot now) {
    if (now.life().drainLeft() != null) {
      String reason = now.life().drainReason();
      return reason == null ? "draining" : "draining: " + reason;
    }
    if (now.life().drained() != null) {
      return "drained: " + now.life().drained();
    }
    String stuck = whyNotLive(now);
    if (stuck != null) {
      return stuck;
    }
    for (Outage.Failing call : now.trouble().failingCalls()) {
      if (now.load() == null || keepsFromPolling(call)) {
        return "waiting for %s: %s %s: %s"
            .formatted(call.service(), call.action(), call.at(), call.code());
      }
    }
    if (now.load() == null) {
      return "starting: looking for the queues";
    }
    String executor = now.trouble().executorUnavailable();
    return executor == null ? null : "executor unavailable: " + executor;
  }

  /**
   * While the job table is away, nothing is received; while the payload bucket is, other jobs are.
   */
  private static boolean keepsFromPolling(Outage.Failing call) {
    return call.action().equals("ReceiveMessage") || call.service() == Service.DYNAMODB;
  }
}
