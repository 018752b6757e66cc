package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Task;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;

/** Shows tasks, and lets one run again or not at all. */
final class TaskPages {
  private final Tasks tasks;
  private final Results results;
  private final Runnable news;

  TaskPages(Tasks tasks, Results results, Runnable news) {
    this.tasks = tasks;
    this.results = results;
    this.news = news;
  }

  void list(Context request) {
    Query query = Query.of(request, Query.PAGE, Query.FILTER);
    int limit = query.limit();
    List<Task> page = tasks.before(query.filter(), query.after(Long.MAX_VALUE), limit);
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.forEach(task -> items.add(node(task)));
    json.put("next", page.size() < limit ? null : Long.toString(page.getLast().id()));
    request.contentType("application/json").result(Json.bytes(json));
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
    results.of(id).forEach(result -> answers.add(Downloads.node(result)));
    request.contentType("application/json").result(Json.bytes(json));
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
