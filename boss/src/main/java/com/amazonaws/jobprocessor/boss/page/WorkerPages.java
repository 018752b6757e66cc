package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.api.WorkCsv;
import com.amazonaws.jobprocessor.boss.report.Line;
import com.amazonaws.jobprocessor.boss.report.Peers;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.WorkReports.By;
import com.amazonaws.jobprocessor.boss.store.WorkReports.Report;
import com.amazonaws.jobprocessor.boss.store.WorkReports.Wanted;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The report: which worker did how much; as a page, as CSV, and as one file to send by mail. */
final class WorkerPages {
  /** Lines of the table; the CSV has all. */
  private static final int MAX_ROWS = 1_000;

  /** Bars of the chart. */
  private static final int MAX_BARS = 30;

  private final Work work;

  WorkerPages(Work work) {
    this.work = work;
  }

  List<Route> routes() {
    return List.of(
        Route.page("/workers", this::show),
        Route.report("/workers/report.csv", this::csv),
        Route.report("/workers/report.html", this::file));
  }

  /**
   * A bar of the chart.
   *
   * @param good its green part, of 1,000
   * @param bad the red part behind it
   */
  record Bar(String name, long good, long bad, String words) {}

  /**
   * What the templates show.
   *
   * @param day the day that is asked for, or an empty text
   */
  record Shown(Wanted wanted, Report report, String day, Map<String, List<String>> marks) {
    String by() {
      return wanted.by().text();
    }

    List<String> marks(Line line) {
      return marks.getOrDefault(line.name(), List.of());
    }

    /** The lines of the table. */
    List<Line> rows() {
      return report.lines().subList(0, Math.min(report.lines().size(), MAX_ROWS));
    }

    /** Lines that are not in the table. */
    int more() {
      return report.lines().size() - rows().size();
    }

    List<Bar> bars() {
      long most = report.lines().stream().mapToLong(Line::tasks).max().orElse(1);
      return report.lines().stream()
          .limit(MAX_BARS)
          .map(
              line ->
                  new Bar(
                      line.name(),
                      1000 * line.succeeded() / most,
                      1000 * line.tasks() / most - 1000 * line.succeeded() / most,
                      Words.count(line.succeeded())
                          + " succeeded, "
                          + Words.count(line.failed())
                          + " failed"))
          .toList();
    }

    Line total() {
      List<Line> lines = report.lines();
      return new Line(
          "all",
          lines.stream().mapToLong(Line::succeeded).sum(),
          lines.stream().mapToLong(Line::failed).sum(),
          lines.stream().mapToDouble(Line::busySeconds).sum(),
          0,
          0,
          0,
          lines.stream().map(Line::first).min(Instant::compareTo).orElse(report.at()),
          lines.stream().map(Line::last).max(Instant::compareTo).orElse(report.at()));
    }

    /** What is asked for, in words. */
    List<String> words() {
      List<String> words = new ArrayList<>();
      if (wanted.batch() != null) {
        words.add("batch " + wanted.batch());
      }
      if (wanted.account() != null) {
        words.add("account " + Words.foreign(wanted.account(), 256));
      }
      if (!day.isEmpty()) {
        words.add("day " + day + " (" + report.zone() + ")");
      }
      return words;
    }

    /** The query of the report's URLs. */
    String query() {
      return query(wanted.by());
    }

    /** The same with lines about something else. */
    String query(By by) {
      StringBuilder query = new StringBuilder("?by=").append(by.text());
      add(query, "batch", wanted.batch());
      add(query, "account", wanted.account());
      add(query, "day", day.isEmpty() ? null : day);
      return query.toString();
    }

    private static void add(StringBuilder query, String name, @Nullable Object value) {
      if (value != null) {
        query
            .append('&')
            .append(name)
            .append('=')
            .append(URLEncoder.encode(value.toString(), StandardCharsets.UTF_8));
      }
    }

    /** Where the tasks of a line are listed; empty if they are not to be had. */
    String tasks(Line line) {
      StringBuilder query = new StringBuilder("/tasks?");
      String name =
          switch (wanted.by()) {
            case WORKER -> "worker";
            case BATCH -> "batch";
            case ACCOUNT -> "name";
            case DAY -> "";
          };
      if (name.isEmpty() || line.name().isEmpty()) {
        return "";
      }
      add(query, name, line.name());
      if (wanted.by() != By.BATCH) {
        add(query, "batch", wanted.batch());
      }
      if (wanted.by() != By.ACCOUNT) {
        add(query, "name", wanted.account());
      }
      return query.toString().replace("?&", "?");
    }

    static String seconds(double seconds) {
      return Words.duration(Duration.ofMillis(Math.round(seconds * 1000)));
    }
  }

  private Shown read(Visit visit) {
    String asked = visit.query("by");
    By by =
        Stream.of(By.values())
            .filter(one -> one.text().equals(asked))
            .findFirst()
            .orElse(By.WORKER);
    TaskFilter filter = Filters.read(name -> name.equals("batch") ? visit.query("batch") : "");
    String account = visit.query("account");
    String day = visit.query("day");
    ZoneId zone = work.settings().dispatch().hours().zone();
    Instant from = Filters.time(day.length() == 10 ? day : "", zone);
    Instant to = from == null ? null : midnightAfter(from, zone);
    Wanted wanted =
        new Wanted(
            by,
            filter.batch(),
            account.isEmpty() ? null : account,
            new TaskFilter.Period(from, to));
    Report report = work.views().work().report(wanted);
    return new Shown(
        wanted,
        report,
        from == null ? "" : day,
        by == By.WORKER ? Peers.marks(report.lines()) : Map.of());
  }

  /** Or when the next day begins where it has no midnight; a day has 23 to 25 hours. */
  private static Instant midnightAfter(Instant begin, ZoneId zone) {
    return LocalDate.ofInstant(begin, zone).plusDays(1).atStartOfDay(zone).toInstant();
  }

  private void show(Visit visit) {
    visit.show("Workers", "workers.jte", Map.of("shown", read(visit)));
  }

  private void csv(Visit visit) {
    Shown shown = read(visit);
    visit.text(WorkCsv.write(shown.wanted().by(), shown.report()), "report.csv");
  }

  private void file(Visit visit) {
    Shown shown = read(visit);
    visit.part("report.jte", Map.of("shown", shown, "now", visit.now()));
    visit.request().header("Content-Disposition", "attachment; filename=\"report.html\"");
  }
}
