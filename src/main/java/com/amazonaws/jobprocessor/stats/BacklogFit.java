package com.amazonaws.jobprocessor.stats;

import java.util.List;

/**
 * A straight line through the backlog's last quarter of an hour.
 *
 * @param last how many messages there were at the end
 * @param drained messages a second by which the backlog shrinks; negative if it grows
 * @param margin how wrong that may be, as a share of it: two standard errors
 */
record BacklogFit(Outlook.Trend trend, double last, double drained, double margin) {
  private static final double WINDOW_SECONDS = 900;

  /** A line through less says more of SQS's approximations than of the backlog. */
  private static final double MIN_SECONDS = 15;

  /** A batch of jobs that somebody has sent is no trend: what was before it does not count. */
  private static final double JUMP = 0.25;

  private static final int MIN_JUMP = 10;

  /** Changes that small are SQS's approximations. */
  private static final double NOISE = 0.01;

  private static final int MIN_NOISE = 2;
  private static final int FEW = 4;
  private static final double MARGIN_OF_FEW = 0.25;

  /**
   * How many messages there were at a moment.
   *
   * @param at in seconds; any zero will do
   */
  record Point(double at, double messages) {}

  /** A line through the points, the oldest of which comes first; there is one at least. */
  static BacklogFit of(List<Point> points) {
    Point last = points.getLast();
    if (last.messages() <= 0) {
      return new BacklogFit(Outlook.Trend.EMPTY, 0, 0, 0);
    }
    int from = windowStart(points);
    List<Point> window = points.subList(from, points.size());
    if (last.at() - window.getFirst().at() < MIN_SECONDS) {
      return hasJumped(points, from) ? grown(points.get(from - 1), last) : unknown(last);
    }
    Line line = Line.through(window);
    double change = Math.abs(line.slope()) * (last.at() - window.getFirst().at());
    double noise = Math.max(MIN_NOISE, NOISE * last.messages());
    double margin =
        window.size() < FEW ? MARGIN_OF_FEW : 2 * line.slopeError() / Math.abs(line.slope());
    if (change < noise || margin >= 1) {
      return new BacklogFit(Outlook.Trend.STEADY, last.messages(), 0, 0);
    }
    return new BacklogFit(
        line.slope() < 0 ? Outlook.Trend.SHRINKING : Outlook.Trend.GROWING,
        last.messages(),
        -line.slope(),
        margin);
  }

  private static BacklogFit unknown(Point last) {
    return new BacklogFit(Outlook.Trend.UNKNOWN, last.messages(), 0, 0);
  }

  private static BacklogFit grown(Point before, Point last) {
    double perSecond = (last.messages() - before.messages()) / (last.at() - before.at());
    return new BacklogFit(Outlook.Trend.GROWING, last.messages(), -perSecond, 1);
  }

  private static boolean hasJumped(List<Point> points, int at) {
    return at > 0 && isJump(points.get(at - 1), points.get(at));
  }

  private static boolean isJump(Point before, Point after) {
    double rise = after.messages() - before.messages();
    return rise > Math.max(MIN_JUMP, JUMP * before.messages());
  }

  private static int windowStart(List<Point> points) {
    double end = points.getLast().at();
    int start = points.size() - 1;
    while (start > 0
        && end - points.get(start - 1).at() <= WINDOW_SECONDS
        && !hasJumped(points, start)) {
      start--;
    }
    return start;
  }

  /** By least squares. */
  private record Line(double slope, double slopeError) {
    static Line through(List<Point> points) {
      double n = points.size();
      double meanAt = points.stream().mapToDouble(Point::at).sum() / n;
      double mean = points.stream().mapToDouble(Point::messages).sum() / n;
      double squares = 0;
      double products = 0;
      for (Point point : points) {
        squares += (point.at() - meanAt) * (point.at() - meanAt);
        products += (point.at() - meanAt) * (point.messages() - mean);
      }
      double slope = products / squares;
      double rest = 0;
      for (Point point : points) {
        double off = point.messages() - mean - slope * (point.at() - meanAt);
        rest += off * off;
      }
      return new Line(slope, n > 2 ? Math.sqrt(rest / (n - 2) / squares) : 0);
    }
  }
}
