package com.amazonaws.jobprocessor.status.page;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A line over the last hour or less, as SVG without styles of its own; what it shows is said in
 * words, too.
 */
final class Chart {
  private static final int WIDTH = 600;
  private static final int HEIGHT = 80;
  private static final int[] SPANS_IN_MINUTES = {5, 15, 60};

  private final String name;
  private final String unit;
  private final List<Point> points = new ArrayList<>();
  private final List<Point> bad = new ArrayList<>();

  /**
   * A value at a moment.
   *
   * @param ago in seconds
   */
  private record Point(double ago, double value) {}

  /** An empty one, for values in such a unit. */
  Chart(String name, String unit) {
    this.name = name;
    this.unit = unit;
  }

  /** Adds a value, newer than those before. */
  void add(Duration ago, double value) {
    points.add(new Point(ago.toMillis() / 1_000.0, value));
  }

  /** Adds one to the second line, which shows what is not good. */
  void addBad(Duration ago, double value) {
    bad.add(new Point(ago.toMillis() / 1_000.0, value));
  }

  /**
   * The figure.
   *
   * @param badName what the second line shows
   */
  Html html(String badName) {
    if (points.size() < 2) {
      return Html.of("<p class=\"empty\">{}: there is a line after half a minute.</p>", name);
    }
    int minutes = span();
    double top = niceTop();
    boolean hasBad = bad.stream().anyMatch(point -> point.value() > 0);
    String line = path(points, minutes, top);
    Html summary =
        Html.of(
            "{} in the last {} minutes: at most {}, now {} {}",
            name,
            minutes,
            Words.number(max(points)),
            Words.number(points.getLast().value()),
            unit);
    return Html.of(
        """
        <figure><figcaption>{} <small>in the last {} min, {}</small>{}</figcaption>
        <div class="plot"><svg viewBox="0 0 {} {}" preserveAspectRatio="none" role="img" aria-label="{}">
        <path class="area" d="{}"/><path class="line" d="{}"/>{}</svg><span class="top">{}</span></div>
        <p class="axis"><span>{} min ago</span><span>now</span></p></figure>
        """,
        name,
        minutes,
        unit,
        hasBad ? Html.of(" <small class=\"bad\">- - {}</small>", badName) : Html.NOTHING,
        WIDTH,
        HEIGHT,
        summary,
        area(line, minutes),
        line,
        hasBad ? Html.of("<path class=\"bad\" d=\"{}\"/>", path(bad, minutes, top)) : Html.NOTHING,
        Words.number(top),
        minutes);
  }

  private int span() {
    double oldest = points.getFirst().ago();
    for (int minutes : SPANS_IN_MINUTES) {
      if (oldest <= minutes * 60) {
        return minutes;
      }
    }
    return SPANS_IN_MINUTES[SPANS_IN_MINUTES.length - 1];
  }

  private static double max(List<Point> line) {
    return line.stream().mapToDouble(Point::value).max().orElse(0);
  }

  /** One, two or five times a power of ten, not below the greatest value. */
  private double niceTop() {
    double most = Math.max(max(points), max(bad));
    if (most <= 0) {
      return 1;
    }
    double power = Math.pow(10, Math.floor(Math.log10(most)));
    for (int factor : new int[] {1, 2, 5}) {
      if (most <= factor * power) {
        return factor * power;
      }
    }
    return 10 * power;
  }

  private static String path(List<Point> line, int minutes, double top) {
    StringBuilder path = new StringBuilder();
    for (Point point : line) {
      double y = HEIGHT - 1 - point.value() / top * (HEIGHT - 2);
      path.append(path.isEmpty() ? 'M' : 'L')
          .append(x(point.ago(), minutes))
          .append(' ')
          .append(coordinate(y));
    }
    return path.toString();
  }

  /** From the bottom up to the line and down again. */
  private String area(String line, int minutes) {
    return "M%s %sL%sL%s %sZ"
        .formatted(
            x(points.getFirst().ago(), minutes),
            HEIGHT,
            line.substring(1),
            x(points.getLast().ago(), minutes),
            HEIGHT);
  }

  private static String x(double ago, int minutes) {
    return coordinate(WIDTH * (1 - ago / (minutes * 60.0)));
  }

  /** To a tenth; by hand, since there are hundreds of them every two seconds. */
  private static String coordinate(double value) {
    long tenths = Math.max(0, Math.round(value * 10));
    return tenths % 10 == 0 ? Long.toString(tenths / 10) : tenths / 10 + "." + tenths % 10;
  }
}
