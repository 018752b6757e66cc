package com.amazonaws.jobprocessor.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;

/**
 * Draws fleets as SVG: efficiency and jobs a second against the number of workers, a line for each
 * kind of job; readable on light and on dark pages, and without colours by its marks.
 */
final class FleetChart {
  private static final int WIDTH = 860;
  private static final int HEIGHT = 420;
  private static final int TOP = 56;
  private static final int BOTTOM = 330;
  private static final int PANEL = 330;
  private static final List<Integer> LEFTS = List.of(70, 510);
  private static final int STEPS = 5;
  private static final double[] NICE = {1, 2, 2.5, 5, 10};

  private final List<FleetRun> runs;
  private final StringBuilder svg = new StringBuilder();

  /**
   * One of the two panels.
   *
   * @param left where it begins
   * @param top the value of its upper end
   * @param unit behind each value
   */
  private record Panel(
      String title, int left, double top, String unit, ToDoubleFunction<FleetRun> value) {
    double y(double of) {
      return BOTTOM - (BOTTOM - TOP) * Math.min(1, of / top);
    }
  }

  private FleetChart(List<FleetRun> runs) {
    this.runs = runs;
  }

  /**
   * The chart.
   *
   * @param machine what was measured on
   */
  static String of(List<FleetRun> runs, String machine) {
    return new FleetChart(runs).draw(machine);
  }

  private String draw(String machine) {
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" role="img" aria-labelledby="title">
        <title id="title">Efficiency and jobs a second against the number of workers</title>
        <style>
        text{font:13px system-ui,sans-serif;fill:#222} .small{font-size:11px} .head{font-weight:600}
        .axis{stroke:#555} .grid{stroke:#ddd} .line{fill:none;stroke-width:2}
        .c0{stroke:#0b5cad} .c1{stroke:#b3470a} .c2{stroke:#26734d} .c3{stroke:#7a3aa8} .mark{fill:#fff;stroke-width:2}
        @media (prefers-color-scheme:dark){text{fill:#eee} .axis{stroke:#aaa} .grid{stroke:#444} .mark{fill:#111}
        .c0{stroke:#6cb2ff} .c1{stroke:#ffa45c} .c2{stroke:#6fd3a0} .c3{stroke:#cf9bff}}
        </style>
        """
            .formatted(WIDTH, HEIGHT));
    panel(new Panel("Efficiency", LEFTS.get(0), 100, " %", run -> 100 * run.efficiency()), true);
    double most = runs.stream().mapToDouble(FleetRun::jobsPerSecond).max().orElse(1);
    panel(
        new Panel("Jobs a second", LEFTS.get(1), niceTop(most), "", FleetRun::jobsPerSecond),
        false);
    legend();
    text(LEFTS.get(0), HEIGHT - 12, "start", "small", escaped(machine));
    return svg.append("</svg>\n").toString();
  }

  private void panel(Panel panel, boolean onlyOfSleep) {
    text(panel.left(), TOP - 22, "start", "head", panel.title());
    for (int i = 0; i <= STEPS; i++) {
      double value = panel.top() * i / STEPS;
      line("grid", panel.left(), panel.y(value), panel.left() + PANEL, panel.y(value));
      text(panel.left() - 8, panel.y(value) + 4, "end", "small", number(value) + panel.unit());
    }
    line("axis", panel.left(), BOTTOM, panel.left() + PANEL, BOTTOM);
    List<Integer> workers = runs.stream().map(FleetRun::workers).distinct().sorted().toList();
    for (int count : workers) {
      double x = x(panel, workers.indexOf(count), workers.size());
      text(x, BOTTOM + 18, "middle", "small", Integer.toString(count));
    }
    text(panel.left() + PANEL / 2.0, BOTTOM + 38, "middle", "", "workers");
    for (int kind = 0; kind < kinds().size(); kind++) {
      long millis = kinds().get(kind);
      if (millis > 0 || !onlyOfSleep) {
        curve(panel, workers, kind, millis);
      }
    }
  }

  private void curve(Panel panel, List<Integer> workers, int kind, long millis) {
    StringBuilder points = new StringBuilder();
    List<double[]> marks = new ArrayList<>();
    for (FleetRun run : runs) {
      if (run.job().toMillis() == millis) {
        double x = x(panel, workers.indexOf(run.workers()), workers.size());
        double y = panel.y(panel.value().applyAsDouble(run));
        points.append(at(x)).append(',').append(at(y)).append(' ');
        marks.add(new double[] {x, y});
      }
    }
    svg.append("<polyline class=\"line c%d\" points=\"%s\"/>\n".formatted(kind % 4, points));
    marks.forEach(mark -> mark(kind, mark[0], mark[1]));
  }

  /** Kinds are told apart without their colours as well. */
  private void mark(int kind, double x, double y) {
    String colour = "c" + kind % 4;
    switch (kind % 3) {
      case 0 ->
          svg.append(
              "<circle class=\"mark %s\" cx=\"%s\" cy=\"%s\" r=\"4\"/>\n"
                  .formatted(colour, at(x), at(y)));
      case 1 ->
          svg.append(
              "<rect class=\"mark %s\" x=\"%s\" y=\"%s\" width=\"8\" height=\"8\"/>\n"
                  .formatted(colour, at(x - 4), at(y - 4)));
      default ->
          svg.append(
              "<path class=\"mark %s\" d=\"M%s %s l5 9 h-10 z\"/>\n"
                  .formatted(colour, at(x), at(y - 5)));
    }
  }

  private void legend() {
    double x = LEFTS.get(0);
    for (int kind = 0; kind < kinds().size(); kind++) {
      mark(kind, x + 6, BOTTOM + 60);
      String job = "jobs of " + kinds().get(kind) + " ms";
      text(x + 18, BOTTOM + 64, "start", "", job);
      x += 150;
    }
  }

  private List<Long> kinds() {
    return runs.stream().map(run -> run.job().toMillis()).distinct().sorted().toList();
  }

  /** Workers double from place to place, so places are as far apart from each other. */
  private static double x(Panel panel, int index, int count) {
    return panel.left() + PANEL * (index + 0.5) / count;
  }

  /** The least round number that is not below the value. */
  private static double niceTop(double value) {
    double power = Math.pow(10, Math.floor(Math.log10(Math.max(1, value))));
    for (double nice : NICE) {
      if (nice * power >= value) {
        return nice * power;
      }
    }
    return 10 * power;
  }

  private void line(String kind, double x1, double y1, double x2, double y2) {
    svg.append(
        "<line class=\"%s\" x1=\"%s\" y1=\"%s\" x2=\"%s\" y2=\"%s\"/>\n"
            .formatted(kind, at(x1), at(y1), at(x2), at(y2)));
  }

  private void text(double x, double y, String anchor, String kind, String text) {
    svg.append(
        "<text class=\"%s\" x=\"%s\" y=\"%s\" text-anchor=\"%s\">%s</text>\n"
            .formatted(kind, at(x), at(y), anchor, text));
  }

  private static String at(double place) {
    return String.format(Locale.ROOT, "%.1f", place);
  }

  private static String number(double value) {
    return String.format(Locale.ROOT, value < 10 && value % 1 != 0 ? "%.1f" : "%,.0f", value);
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;");
  }
}
