package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.BacklogFit.Point;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Where the backlog is going, by how it went: arithmetic, without a state of its own. All that
 * others do to the queue is in it, too, since only the queue's depth counts.
 *
 * @param messages in the backlog, those in flight and delayed included, when SQS was last asked
 * @param drained messages a second by which it shrinks; negative if it grows
 * @param margin how wrong that may be, as a share of it, 0 to 0.9
 * @param age of the last reading
 */
public record Outlook(
    Trend trend, double messages, double drained, double margin, Duration age, Score score) {
  /** The backlog's depth is asked for at least every three minutes. */
  private static final Duration LONGEST_UNTOLD = Duration.ofMinutes(4);

  /** It is asked for every ten seconds while somebody looks, so this is two answers missed. */
  private static final Duration MISSED = Duration.ofSeconds(20);

  private static final double MIN_MARGIN = 0.05;
  private static final double MAX_MARGIN = 0.9;

  /** Its directions. */
  public enum Trend {
    /** Known for too short a time. */
    UNKNOWN,
    /** What is known is too old to say anything of now. */
    OLD,
    EMPTY,
    SHRINKING,
    /** About as many messages come in as are done. */
    STEADY,
    GROWING
  }

  /**
   * How good the forecasts of the last hour were: each is made again from what was known at the
   * time, and compared with what the backlog was five minutes later.
   *
   * @param forecasts how many
   * @param median half of them were wrong by no more than this share
   * @param p80 nor were eight of ten by more than this
   */
  public record Score(int forecasts, double median, double p80) {
    private static final double LATER_SECONDS = 300;

    /** Fewer say little. */
    private static final int MIN_FORECASTS = 5;

    /** True if there were enough forecasts to judge them. */
    public boolean isKnown() {
      return forecasts >= MIN_FORECASTS;
    }

    private static Score of(List<Point> points) {
      List<Double> errors = new ArrayList<>();
      int later = 0;
      for (int i = 1; i < points.size(); i++) {
        Point then = points.get(i);
        while (later < points.size() && points.get(later).at() - then.at() < LATER_SECONDS) {
          later++;
        }
        if (later == points.size()) {
          break;
        }
        error(BacklogFit.of(points.subList(0, i + 1)), then, points.get(later))
            .ifPresent(errors::add);
      }
      errors.sort(null);
      return errors.isEmpty()
          ? new Score(0, 0, 0)
          : new Score(
              errors.size(), errors.get(errors.size() / 2), errors.get(errors.size() * 4 / 5));
    }

    private static Optional<Double> error(BacklogFit forecast, Point then, Point after) {
      if (forecast.trend() != Trend.SHRINKING) {
        return Optional.empty();
      }
      double expected = Math.min(then.messages(), forecast.drained() * (after.at() - then.at()));
      double actual = then.messages() - after.messages();
      return Optional.of(Math.abs(actual - expected) / expected);
    }
  }

  /** By what SQS has told of the backlog in the last hour, unless that is old. */
  public static Outlook of(Snapshot now) {
    Outlook told = of(now.queues());
    boolean isOld = told.age.compareTo(sqsFails(now) ? MISSED : LONGEST_UNTOLD) > 0;
    return isOld ? told.with(Trend.OLD) : told;
  }

  private static boolean sqsFails(Snapshot now) {
    return now.trouble().failingCalls().stream()
        .anyMatch(call -> call.service() == Service.SQS && !call.isOverLimit());
  }

  private Outlook with(Trend other) {
    return new Outlook(other, messages, drained, margin, age, score);
  }

  /** By what SQS has told of the backlog in the last hour, however old it is. */
  static Outlook of(Snapshot.Queues queues) {
    List<Point> points = points(queues);
    Duration age = queues.backlog().age();
    if (points.isEmpty()) {
      return new Outlook(Trend.UNKNOWN, 0, 0, 0, age, new Score(0, 0, 0));
    }
    BacklogFit fit = BacklogFit.of(points);
    Score score = Score.of(points);
    double margin = score.isKnown() ? Math.max(fit.margin(), score.p80()) : fit.margin();
    return new Outlook(
        fit.trend(),
        fit.last(),
        fit.drained(),
        Math.clamp(margin, MIN_MARGIN, MAX_MARGIN),
        age,
        score);
  }

  private static List<Point> points(Snapshot.Queues queues) {
    List<Point> points = new ArrayList<>();
    for (Snapshot.Sample sample : queues.trend()) {
      points.add(new Point(-seconds(sample.ago()), sample.messages()));
    }
    QueueGauge.Reading reading = queues.backlog().reading();
    double at = -seconds(queues.backlog().age());
    if (reading != null && (points.isEmpty() || at - points.getLast().at() >= 1)) {
      points.add(new Point(at, reading.waiting() + reading.inFlight() + reading.delayed()));
    }
    return points;
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  /** From now until the backlog is empty, if it is shrinking. */
  public Optional<Span> emptyIn() {
    if (trend != Trend.SHRINKING) {
      return Optional.empty();
    }
    double left = Math.max(0, messages - drained * seconds(age));
    return Optional.of(Span.of(left, drained, margin));
  }

  /** About when something will be over, from now. */
  public record Span(Duration about, Duration soonest, Duration latest) {
    /** Three hundred years: what hardly shrinks could take longer than a duration can tell. */
    private static final double MAX_SECONDS = 1e10;

    /** Of so many at such a speed, which may be wrong by so great a share. */
    static Span of(double many, double perSecond, double margin) {
      return new Span(
          duration(many / perSecond),
          duration(many / (perSecond * (1 + margin))),
          duration(many / (perSecond * (1 - margin))));
    }

    static Duration duration(double seconds) {
      return Duration.ofMillis(Math.round(Math.min(seconds, MAX_SECONDS) * 1_000));
    }

    /** The same, but so much later. */
    Span after(Duration delay) {
      return new Span(about.plus(delay), soonest.plus(delay), latest.plus(delay));
    }

    /** The same, but none of it sooner than that. */
    Span atLeast(Duration least) {
      return new Span(later(about, least), later(soonest, least), later(latest, least));
    }

    private static Duration later(Duration a, Duration b) {
      return a.compareTo(b) > 0 ? a : b;
    }
  }
}
