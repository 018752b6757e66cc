package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import io.javalin.http.Context;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What the query of a URL asks for; a parameter that is not known is an error. */
final class Query {
  static final Set<String> PAGE = Set.of("limit", "after");
  static final Set<String> FILTER = Set.of("state", "worker", "error", "batch");

  private static final int DEFAULT_LIMIT = 20;
  private static final int MAX_LIMIT = 200;
  private static final Pattern ID = Pattern.compile("[1-9][0-9]{0,17}");

  private final Context request;

  private Query(Context request) {
    this.request = request;
  }

  @SafeVarargs
  static Query of(Context request, Set<String>... known) {
    Set<String> all = new TreeSet<>();
    for (Set<String> some : known) {
      all.addAll(some);
    }
    for (String name : request.queryParamMap().keySet()) {
      if (!all.contains(name)) {
        throw Problem.badRequest("a query parameter is unknown here; known: " + all);
      }
    }
    return new Query(request);
  }

  private @Nullable String value(String name) {
    String value = request.queryParam(name);
    return value == null || value.isEmpty() ? null : value;
  }

  /** From 1 to 200, 20 by default. */
  int limit() {
    String text = value("limit");
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    if (!text.matches("[0-9]{1,3}")
        || Integer.parseInt(text) < 1
        || Integer.parseInt(text) > MAX_LIMIT) {
      throw Problem.badRequest("limit must be from 1 to " + MAX_LIMIT);
    }
    return Integer.parseInt(text);
  }

  /** As an answer's {@code next} has it; or the default. */
  long after(long otherwise) {
    String text = value("after");
    return text == null ? otherwise : id(text, "after");
  }

  static long id(String text, String what) {
    if (!ID.matcher(text).matches()) {
      throw Problem.badRequest(what + " is not an id");
    }
    return Long.parseLong(text);
  }

  /** The id in the path; one that can be none is one that is not there. */
  static long pathId(Context request, String what) {
    String text = request.pathParam("id");
    if (!ID.matcher(text).matches()) {
      throw Problem.notFound("such " + what);
    }
    return Long.parseLong(text);
  }

  TaskFilter filter() {
    String batch = value("batch");
    return filter(
        value("state"), value("worker"), value("error"), batch == null ? null : id(batch, "batch"));
  }

  static TaskFilter filter(
      @Nullable String state,
      @Nullable String worker,
      @Nullable String error,
      @Nullable Long batch) {
    TaskState known = null;
    if (state != null) {
      known =
          TaskState.of(state)
              .orElseThrow(
                  () ->
                      Problem.badRequest(
                          "state must be one of waiting, sending, dispatched, succeeded, failed,"
                              + " unanswered, cancelled"));
    }
    return new TaskFilter(known, worker, error, batch);
  }
}
