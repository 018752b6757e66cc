package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;

/**
 * How long jobs take, by some results that wait for their readers. They are looked at and stay as
 * they are, visible to everyone.
 */
final class RunTimes {
  private static final int MAX_RECEIVES = 3;

  private final Set<String> seen = new HashSet<>();
  private long jobs;
  private double millis;

  /** Looks at up to thirty messages. */
  static RunTimes of(Backlog results, Retry retry) throws CallFailed, InterruptedException {
    RunTimes times = new RunTimes();
    boolean more = true;
    for (int i = 0; i < MAX_RECEIVES && more; i++) {
      more = false;
      for (Delivery message :
          retry.call(
              () -> results.receive(MessageFormat.MAX_BATCH, Duration.ZERO, Duration.ZERO))) {
        more |= times.look(message);
      }
    }
    return times;
  }

  /** True if it was not seen before. */
  private boolean look(Delivery message) {
    if (!seen.add(message.messageId())) {
      return false;
    }
    for (JobResult result : JobResult.in(message).readable()) {
      result
          .duration()
          .ifPresent(
              one -> {
                jobs++;
                millis += one;
              });
    }
    return true;
  }

  /** How many results it goes by; 0 if none says how long it took. */
  long jobs() {
    return jobs;
  }

  /** The mean in milliseconds; to be asked only if there are jobs. */
  double meanMillis() {
    return millis / jobs;
  }
}
