package com.amazonaws.jobprocessor.boss.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.jobprocessor.boss.report.Line;
import com.amazonaws.jobprocessor.boss.report.Peers;
import com.amazonaws.jobprocessor.boss.store.Failures;
import com.amazonaws.jobprocessor.boss.store.Invariants;
import com.amazonaws.jobprocessor.boss.store.Views;
import com.amazonaws.jobprocessor.boss.store.WorkReports;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who did how much, what fails and why, and whether the numbers add up. */
final class Insights {
  private static final Set<String> REPORT =
      Set.of("by", "batch", "account", "from", "to", "format");

  private final Views views;

  Insights(Views views) {
    this.views = views;
  }

  void workers(Context request) {
    Query query = Query.of(request, REPORT);
    WorkReports.Wanted wanted = query.report();
    WorkReports.Report report = views.work().report(wanted);
    String format = request.queryParam("format");
    if ("csv".equals(format)) {
      request.contentType("text/csv; charset=utf-8");
      request.header("Content-Disposition", "attachment; filename=\"work.csv\"");
      request.result(WorkCsv.write(wanted.by(), report).getBytes(UTF_8));
      return;
    }
    if (format != null && !format.equals("json")) {
      throw Problem.badRequest("format must be one of json, csv");
    }
    ObjectNode json = Json.object();
    json.put("at", Json.time(report.at()));
    json.put("by", wanted.by().text());
    json.put("answers", report.answers());
    json.put("whole", report.whole());
    ArrayNode items = json.putArray("items");
    Map<String, List<String>> marks = marks(wanted.by(), report);
    report.lines().forEach(line -> items.add(node(line, marks)));
    request.contentType("application/json").result(Json.bytes(json));
  }

  /** Only workers have peers. */
  static Map<String, List<String>> marks(WorkReports.By by, WorkReports.Report report) {
    return by == WorkReports.By.WORKER ? Peers.marks(report.lines()) : Map.of();
  }

  private static ObjectNode node(Line line, Map<String, List<String>> marks) {
    ObjectNode json = Json.object();
    json.put("name", line.name());
    json.put("succeeded", line.succeeded());
    json.put("failed", line.failed());
    json.put("busy_seconds", line.busySeconds());
    json.put("occupied_seconds", line.occupiedSeconds());
    json.put("busy_share", line.busyShare());
    json.put("median_seconds", line.medianSeconds());
    json.put("per_hour", line.perHour());
    json.put("first_answer_at", Json.time(line.first()));
    json.put("last_answer_at", Json.time(line.last()));
    ArrayNode notes = json.putArray("out_of_line");
    marks.getOrDefault(line.name(), List.of()).forEach(notes::add);
    return json;
  }

  void failures(Context request) {
    Query.of(request);
    Failures.Report report = views.failures().report();
    ObjectNode json = Json.object();
    json.put("at", Json.time(report.at()));
    json.put("failed", report.total());
    ArrayNode items = json.putArray("items");
    for (Failures.Group group : report.groups()) {
      items
          .addObject()
          .put("error_type", group.error())
          .put("tasks", group.tasks())
          .put("example", Long.toString(group.example().id()))
          .put("example_message", group.message());
    }
    request.contentType("application/json").result(Json.bytes(json));
  }

  void invariants(Context request) {
    Query.of(request);
    Invariants.Report report = views.invariants().report();
    ObjectNode json = Json.object();
    json.put("at", Json.time(report.at()));
    json.put("hold", report.hold());
    json.put("tasks", report.tasks());
    json.put("ended", report.ended());
    json.put("open", report.open());
    ArrayNode items = json.putArray("items");
    for (Invariants.Check check : report.checks()) {
      items
          .addObject()
          .put("name", check.rule().name())
          .put("holds", check.violations() == null ? null : (Boolean) check.holds())
          .put("violations", check.violations())
          .put("seconds", check.seconds())
          .put("sql", check.rule().sql());
    }
    request.contentType("application/json").result(Json.bytes(json));
  }
}
