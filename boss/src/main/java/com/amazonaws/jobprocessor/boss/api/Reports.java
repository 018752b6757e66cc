package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Actions;
import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/** Who did what, how far each batch is, what came in and belongs to no task. */
public final class Reports {
  private final Results results;
  private final Census census;
  private final Actions actions;

  /** Reports on a database. */
  public Reports(Results results, Census census, Actions actions) {
    this.results = results;
    this.census = census;
    this.actions = actions;
  }

  void batches(Context request) {
    Query query = Query.of(request, Query.PAGE);
    Census.Counts counts = census.counts();
    answer(
        request,
        query,
        census.batches(query.after(Long.MAX_VALUE), query.limit()),
        batch -> node(batch, counts),
        Census.Batch::id);
  }

  void batch(Context request) {
    Query.of(request);
    long id = Query.pathId(request, "batch");
    Census.Batch batch =
        census.batches(id + 1, 1).stream()
            .filter(one -> one.id() == id)
            .findFirst()
            .orElseThrow(() -> Problem.notFound("batch " + id));
    request.contentType("application/json").result(Json.bytes(node(batch, census.counts())));
  }

  private static ObjectNode node(Census.Batch batch, Census.Counts counts) {
    ObjectNode json = Json.object();
    json.put("id", Long.toString(batch.id()));
    json.put("name", batch.name());
    json.put("count", batch.tasks());
    json.put("created_by", batch.createdBy());
    json.put("created_at", Json.time(batch.createdAt()));
    ObjectNode tasks = json.putObject("tasks");
    counts.of(batch.id()).forEach(tasks::put);
    json.put("counted_at", Json.time(counts.at()));
    return json;
  }

  void strays(Context request) {
    Query query = Query.of(request, Query.PAGE);
    answer(
        request,
        query,
        results.strays(query.after(Long.MAX_VALUE), query.limit()),
        stray -> {
          ObjectNode json = Json.object();
          json.put("id", Long.toString(stray.id()));
          json.put("queue", stray.queue());
          json.put("job_id", stray.jobId());
          json.put("worker", stray.worker());
          json.put("why", stray.why());
          json.put("in_s3", stray.inS3());
          json.put("error_type", stray.errorType());
          json.put("error_message", stray.errorMessage());
          json.put("received_at", Json.time(stray.receivedAt()));
          return json;
        },
        Results.StrayRow::id);
  }

  void actions(Context request) {
    Query query = Query.of(request, Query.PAGE);
    answer(
        request,
        query,
        actions.before(query.after(Long.MAX_VALUE), query.limit()),
        action -> {
          ObjectNode json = Json.object();
          json.put("id", Long.toString(action.id()));
          json.put("at", Json.time(action.at()));
          json.put("who", action.who());
          json.put("what", action.what());
          json.put("detail", action.detail());
          return json;
        },
        Actions.Action::id);
  }

  /** A page, and what to ask for after it. */
  static <T> void answer(
      Context request,
      Query query,
      List<T> page,
      Function<T, ObjectNode> node,
      ToLongFunction<T> id) {
    ObjectNode json = Json.object();
    ArrayNode items = json.putArray("items");
    page.forEach(one -> items.add(node.apply(one)));
    boolean last = page.size() < query.limit();
    json.put("next", last ? null : Long.toString(id.applyAsLong(page.getLast())));
    request.contentType("application/json").result(Json.bytes(json));
  }
}
