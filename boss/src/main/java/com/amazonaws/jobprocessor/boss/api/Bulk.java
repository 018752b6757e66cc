package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.FilterText;
import com.amazonaws.jobprocessor.boss.store.Operations;
import com.amazonaws.jobprocessor.boss.store.Operations.Kind;
import com.amazonaws.jobprocessor.boss.store.Operations.Operation;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.Tasks;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.javalin.http.Context;
import java.io.IOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Operations on all tasks that match. */
final class Bulk {
  private static final int MAX_BODY = 64 * 1024;
  private static final int MAX_REASON = 1_000;

  private final Operations operations;
  private final Runnable news;

  Bulk(Operations operations, Runnable news) {
    this.operations = operations;
    this.news = news;
  }

  void list(Context request) {
    Query query = Query.of(request, Query.PAGE);
    Reports.answer(
        request,
        query,
        operations.before(query.after(Long.MAX_VALUE), query.limit()),
        Bulk::node,
        Operation::id);
  }

  private static ObjectNode node(Operation operation) {
    ObjectNode json = Json.object();
    json.put("id", Long.toString(operation.id()));
    json.put("kind", operation.kind());
    json.put("filter", operation.filter());
    json.put("cutoff_task", Long.toString(operation.cutoff().task()));
    json.put("cutoff_at", Json.time(operation.cutoff().at()));
    json.put("reason", operation.reason());
    json.put("state", operation.state());
    json.put("matching", operation.matching());
    json.put("done", operation.progress().done());
    json.put("skipped", operation.progress().skipped());
    json.put("failed", operation.progress().failed());
    json.put("failure", operation.progress().failure());
    json.put("starts_at", Json.time(operation.startsAt()));
    json.put("created_by", operation.createdBy());
    json.put("created_at", Json.time(operation.createdAt()));
    json.put("changed_at", Json.time(operation.changedAt()));
    return json;
  }

  void create(Context request) throws IOException {
    Query.of(request);
    BoundedInput in = new BoundedInput(request.bodyInputStream(), MAX_BODY, "operation");
    ObjectNode body = Json.read(in, Set.of("kind", "filter", "reason", "delay_seconds"));
    String asked = Json.needText(body, "kind");
    Kind kind =
        Kind.of(asked).orElseThrow(() -> Problem.badRequest("kind must be one of retry, cancel"));
    String reason = Json.needText(body, "reason");
    if (reason.length() > MAX_REASON || !MessageFormat.isSendable(reason)) {
      throw Problem.badRequest("reason must have at most " + MAX_REASON + " characters");
    }
    int delay =
        Json.number(
            body,
            "delay_seconds",
            (int) Operations.UNDO.toSeconds(),
            0,
            (int) Operations.MAX_DELAY.toSeconds());
    Operations.Wanted wanted =
        new Operations.Wanted(
            kind, filter(body.path("filter")), null, reason, Duration.ofSeconds(delay));
    Operation operation = create(Api.who(request), wanted, IdempotencyKey.of(request, in.digest()));
    news.run();
    request.status(202).header("Location", Api.ROOT + "/operations/" + operation.id());
    request.contentType("application/json").result(Json.bytes(node(operation)));
  }

  private Operation create(String who, Operations.Wanted wanted, Tasks.@Nullable Once once) {
    try {
      return once == null ? operations.create(who, wanted) : operations.create(who, wanted, once);
    } catch (Tasks.KeyReused e) {
      throw IdempotencyKey.reused();
    }
  }

  private static TaskFilter filter(JsonNode node) {
    if (!(node instanceof ObjectNode filter)) {
      throw Problem.badRequest("filter must be an object; {} means all tasks");
    }
    for (Iterator<String> names = filter.fieldNames(); names.hasNext(); ) {
      if (!Query.FILTER.contains(names.next())) {
        throw Problem.badRequest("filter has other fields than " + Query.FILTER);
      }
    }
    TaskFilter asked = Query.filter(name -> Json.text(filter, name));
    if (FilterText.write(asked).length() > FilterText.MAX_KEPT) {
      throw Problem.badRequest("filter is too long");
    }
    return asked;
  }

  void one(Context request) {
    Query.of(request);
    answer(request, Query.pathId(request, "operation"));
  }

  private void answer(Context request, long id) {
    Operation operation =
        operations.find(id).orElseThrow(() -> Problem.notFound("operation " + id));
    ObjectNode json = node(operation);
    ArrayNode failures = json.putArray("failures");
    for (Operations.Failure failure : operations.failures(id)) {
      failures
          .addObject()
          .put("task", Long.toString(failure.task()))
          .put("problem", failure.problem());
    }
    request.contentType("application/json").result(Json.bytes(json));
  }

  void stop(Context request) {
    end(request, operations::stop, "stopped");
  }

  void undo(Context request) {
    end(request, operations::undo, "undone");
  }

  /** Ends an operation in a way. */
  private interface End {
    boolean end(String who, long id);
  }

  private void end(Context request, End end, String what) {
    Query.of(request);
    long id = Query.pathId(request, "operation");
    if (operations.find(id).isEmpty()) {
      throw Problem.notFound("operation " + id);
    }
    if (!end.end(Api.who(request), id)) {
      String state = operations.find(id).map(Operation::state).orElse("gone");
      String other =
          state.equals("scheduled") ? "; undo it" : state.equals("running") ? "; stop it" : "";
      throw new Problem(409, "it cannot be " + what + ": the operation is " + state + other);
    }
    answer(request, id);
  }
}
