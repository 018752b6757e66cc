package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Passport;
import com.amazonaws.jobprocessor.boss.store.Place;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Task;
import com.amazonaws.jobprocessor.boss.store.TaskList;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.boss.store.Views;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import org.jspecify.annotations.Nullable;

/** Shows tasks, and lets one run again or not at all. */
final class TaskPages {
  private final Tasks tasks;
  private final Results results;
  private final Views views;
  private final Runnable news;

  TaskPages(Tasks tasks, Results results, Views views, Runnable news) {
    this.tasks = tasks;
    this.results = results;
    this.views = views;
    this.news = news;
  }

  void list(Context request) {
    Query query = Query.of(request, Query.PAGE, Query.FILTER, Query.LIST);
    TaskList.Page page = views.list().page(query.wanted());
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.items().forEach(task -> items.add(node(task)));
    json.put("next", place(page.older()));
    json.put("previous", place(page.newer()));
    json.put("searched", page.searched());
    request.contentType("application/json").result(Json.bytes(json));
  }

  private static @Nullable String place(@Nullable Place place) {
    return place == null ? null : place.text();
  }

  private static ObjectNode node(Task task) {
    ObjectNode json = Json.object();
    json.put("id", Long.toString(task.id()));
    json.put("batch", Long.toString(task.batch()));
    json.put("name", task.name());
    json.put("priority", task.priority());
    json.put("state", task.state());
    json.put("run", task.run());
    json.put("worker", task.worker());
    json.put("error_type", task.errorType());
    Long millis = task.durationMillis();
    json.put("duration_seconds", millis == null ? null : millis / 1000.0);
    json.put("created_at", Json.time(task.createdAt()));
    json.put("changed_at", Json.time(task.changedAt()));
    return json;
  }

  void one(Context request) {
    Query.of(request);
    long id = Query.pathId(request, "task");
    ObjectNode json = node(find(id));
    json.put("payload", tasks.payload(id).orElse(null));
    ArrayNode runs = json.putArray("runs");
    for (Tasks.Run run : tasks.runs(id)) {
      runs.addObject()
          .put("run", run.run())
          .put("boss", run.boss())
          .put("planned_at", Json.time(run.plannedAt()))
          .put("sent_at", Json.time(run.sentAt()))
          .put("sends", run.sends());
    }
    ArrayNode answers = json.putArray("answers");
    Results.Newest newest = results.newest(id);
    newest.results().forEach(result -> answers.add(Downloads.node(result)));
    json.put("older_answers", newest.leftOut());
    ArrayNode changes = json.putArray("changes");
    views.passports().of(id).forEach(change -> changes.add(node(change)));
    request.contentType("application/json").result(Json.bytes(json));
  }

  private static ObjectNode node(Passport.Change change) {
    return Json.object()
        .put("at", Json.time(change.at()))
        .put("clock", change.clock())
        .put("state", change.state())
        .put("run", change.run())
        .put("actor", change.actor())
        .put("who", change.who())
        .put("why", change.why())
        .put("message_id", change.messageId())
        .put("attempts", change.attempts())
        .put("sha256", change.digest())
        .put("sqs_at", Json.time(change.sqsAt()));
  }

  private Task find(long id) {
    return tasks.find(id).orElseThrow(() -> Problem.notFound("task " + id));
  }

  void retry(Context request) {
    long id = Query.pathId(request, "task");
    changed(request, id, tasks.retry(Api.who(request), id), "failed, cancelled or unanswered");
    news.run();
  }

  void cancel(Context request) {
    long id = Query.pathId(request, "task");
    changed(request, id, tasks.cancel(Api.who(request), id), "waiting or unanswered");
  }

  private void changed(Context request, long id, boolean done, String needed) {
    Task task = find(id);
    if (!done) {
      throw new Problem(409, "the task is " + task.state() + "; it must be " + needed);
    }
    request.contentType("application/json").result(Json.bytes(node(task)));
  }
}
