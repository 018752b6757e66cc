package com.amazonaws.jobprocessor.status.page;

import com.amazonaws.jobprocessor.stats.Limit;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What a worker does at the moment, in a word or two and with a mark, so that colour is never
 * alone.
 */
record State(Mark mark, String text) {
  private static final Duration SILENT = Duration.ofSeconds(5);

  enum Mark {
    GOOD("good", "\u25cf"),
    CALM("calm", "\u25cb"),
    WARNING("warning", "\u25b2"),
    BAD("bad", "\u25a0");

    private final String style;
    private final String sign;

    Mark(String style, String sign) {
      this.style = style;
      this.sign = sign;
    }
  }

  static State of(Snapshot now) {
    Snapshot.Trouble trouble = now.trouble();
    Snapshot.Load load = now.load();
    if (!trouble.stuck().isEmpty() || (load != null && load.age().compareTo(SILENT) > 0)) {
      return new State(Mark.BAD, "does not go on");
    }
    Duration drainLeft = now.life().drainLeft();
    if (drainLeft != null) {
      return new State(
          Mark.WARNING,
          drain(now.life().drainReason())
              + (drainLeft.isNegative()
                  ? ", later than it should"
                  : ": gives back in " + Words.duration(drainLeft) + " what still runs"));
    }
    String drained = now.life().drained();
    if (drained != null) {
      return new State(Mark.WARNING, "drained, takes no jobs: " + drained);
    }
    if (trouble.limit().kind() == Limit.Kind.IN_FLIGHT && (load == null || load.running() == 0)) {
      return new State(Mark.WARNING, "waiting: too many messages are in flight");
    }
    Outage.Failing failing = trouble.failing();
    if (failing != null) {
      return new State(Mark.BAD, "waiting for " + failing.service());
    }
    if (load == null) {
      return new State(Mark.CALM, "starting: looking for the queues");
    }
    if (trouble.executorUnavailable() != null) {
      return new State(Mark.BAD, "executor unavailable");
    }
    return load.running() > 0
        ? new State(Mark.GOOD, "working")
        : new State(Mark.CALM, "waiting for jobs");
  }

  private static String drain(@Nullable String reason) {
    return reason == null ? "stopping" : "draining, " + reason;
  }

  Html html() {
    return Html.of(
        "<span class=\"state {}\"><span aria-hidden=\"true\">{}</span> {}</span>",
        mark.style,
        mark.sign,
        text);
  }
}
