package com.amazonaws.jobprocessor.boss.plan;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Time in which work goes on: only inside the hours. */
public final class WorkTime {
  /** Windows that are looked through: two weeks of what most have. */
  private static final int MAX_WINDOWS = 100;

  private static final Duration MAX_WORK = Duration.ofDays(60);

  private WorkTime() {}

  /**
   * When so much work is done.
   *
   * @param work if the hours had no end
   * @return empty if it is too far away, or there are no hours
   */
  public static Optional<Instant> after(Instant now, Duration work, ProcessingHours hours) {
    if (work.compareTo(MAX_WORK) > 0) {
      return Optional.empty();
    }
    Duration left = work;
    Instant at = now;
    for (int i = 0; i < MAX_WINDOWS; i++) {
      if (!hours.isOpen(at)) {
        Optional<Instant> opening = hours.nextOpening(at);
        if (opening.isEmpty()) {
          return Optional.empty();
        }
        at = opening.get();
      }
      Optional<Instant> closing = hours.nextClosing(at);
      if (closing.isEmpty() || !closing.get().isBefore(at.plus(left))) {
        return Optional.of(at.plus(left));
      }
      left = left.minus(Duration.between(at, closing.get()));
      at = closing.get();
    }
    return Optional.empty();
  }
}
