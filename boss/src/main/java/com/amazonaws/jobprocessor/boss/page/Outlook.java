package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** When all will be done, if it goes on as in the last minutes and only inside the hours. */
final class Outlook {
  /** Windows that are looked through: two weeks of what most have. */
  private static final int MAX_WINDOWS = 100;

  private static final long MAX_SECONDS = Duration.ofDays(60).toSeconds();

  private Outlook() {}

  /**
   * The moment.
   *
   * @param open tasks that have not ended
   * @param perSecond as in the last minutes
   * @return empty if there is nothing to be done, nothing ends, or it is too far away
   */
  static Optional<Instant> end(long open, double perSecond, ProcessingHours hours, Instant now) {
    if (open <= 0 || perSecond <= 0 || open / perSecond > MAX_SECONDS) {
      return Optional.empty();
    }
    Duration left = Duration.ofMillis(Math.round(open / perSecond * 1_000));
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
