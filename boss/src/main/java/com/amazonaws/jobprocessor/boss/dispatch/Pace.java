package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.store.Outbox;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Supplier;

/**
 * How many tasks may go out now. Arithmetic: inside the hours only; no more unanswered ones than
 * are answered within some minutes, as measured, nor than will be before the hours are over; no
 * more a minute than is set.
 */
final class Pace implements Outbox.Allowance {
  /** What may be out before anything is measured: enough for ten boxes with two slots. */
  static final int FIRST = 20;

  /** Tasks that are out, however fast the workers are: they are counted each time. */
  static final int MAX_OUTSTANDING = 100_000;

  /** Tasks that are planned in one transaction. */
  static final int MAX_AT_ONCE = 1_000;

  /** Answers older than this are no measure. */
  static final Duration MEMORY = Duration.ofHours(1);

  private static final double MIN_SECONDS = 1;

  private final Supplier<Instant> clock;
  private final Supplier<Results.Measured> measured;
  private int floor = FIRST;
  private boolean full;

  /**
   * A pace.
   *
   * @param measured of the newest answers within {@link #MEMORY}
   */
  Pace(Supplier<Instant> clock, Supplier<Results.Measured> measured) {
    this.clock = clock;
    this.measured = measured;
  }

  @Override
  public int allowed(Settings.Dispatch settings, int outstanding, int recent) {
    Instant now = clock.get();
    full = false;
    if (!settings.maySend(now)) {
      return 0;
    }
    int room = target(settings, now) - outstanding;
    full = room <= 0;
    int perMinute =
        settings.perMinute() == 0 ? MAX_AT_ONCE : Math.max(0, settings.perMinute() - recent);
    return Math.min(Math.min(room, perMinute), MAX_AT_ONCE);
  }

  private int target(Settings.Dispatch settings, Instant now) {
    Results.Measured last = measured.get();
    Instant since = last.since();
    if (since == null) {
      return floor;
    }
    double seconds = Math.max(MIN_SECONDS, Duration.between(since, now).toMillis() / 1000.0);
    double perSecond = last.count() / seconds;
    double ahead = Math.min(settings.aheadMinutes() * 60.0, secondsLeft(settings.hours(), now));
    double byRate = Math.min(MAX_OUTSTANDING, Math.ceil(perSecond * ahead));
    // Before the end the floor shrinks as well: what is left in the queue stays there until it
    // opens.
    double share = ahead / (settings.aheadMinutes() * 60.0);
    return (int) Math.max(byRate, Math.ceil(floor * share));
  }

  private static double secondsLeft(ProcessingHours hours, Instant now) {
    return hours
        .nextClosing(now)
        .map(closing -> Duration.between(now, closing).toMillis() / 1000.0)
        .orElse(Double.MAX_VALUE);
  }

  /** True if the last answer was that enough is out. */
  boolean isFull() {
    return full;
  }

  /**
   * What the backlog queue says while enough is out by what was measured: if nothing waits there,
   * there are more slots than tasks, which no measure of answers would tell.
   *
   * @param waiting messages that no worker has taken
   */
  void queueHas(long waiting, int outstanding) {
    floor = waiting == 0 ? Math.min(MAX_OUTSTANDING, outstanding + FIRST) : FIRST;
  }
}
