package com.amazonaws.jobprocessor.boss.api;

import com.amazonaws.jobprocessor.boss.store.Place;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskList;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import com.amazonaws.jobprocessor.boss.store.WorkReports;
import io.javalin.http.Context;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What the query of a URL asks for; a parameter that is not known is an error. */
final class Query {
  static final Set<String> PAGE = Set.of("limit", "after");
  static final Set<String> FILTER =
      Set.of("state", "worker", "error", "batch", "name", "text", "from", "to");
  static final Set<String> LIST = Set.of("before", "order");

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

  /** The order of a list: by changes if a time is asked for, unless it is said. */
  TaskList.Order order(TaskFilter filter) {
    String text = value("order");
    if (text == null) {
      return filter.changed().isAlways() ? TaskList.Order.CREATED : TaskList.Order.CHANGED;
    }
    return Stream.of(TaskList.Order.values())
        .filter(order -> order.text().equals(text))
        .findFirst()
        .orElseThrow(() -> Problem.badRequest("order must be one of created, changed"));
  }

  /** What is wanted of a list of tasks. */
  TaskList.Wanted wanted() {
    TaskFilter filter = filter();
    TaskList.Order order = order(filter);
    Place after = place("after", order);
    Place before = place("before", order);
    if (after != null && before != null) {
      throw Problem.badRequest("after and before exclude each other");
    }
    return new TaskList.Wanted(
        filter, order, before == null, before == null ? after : before, limit());
  }

  private @Nullable Place place(String name, TaskList.Order order) {
    String text = value(name);
    if (text == null) {
      return null;
    }
    return Place.parse(text)
        .filter(place -> (place.time() != null) == (order == TaskList.Order.CHANGED))
        .orElseThrow(() -> Problem.badRequest(name + " is no place of a list in this order"));
  }

  TaskFilter filter() {
    return filter(this::value);
  }

  /** A filter by the names of its values. */
  static TaskFilter filter(Function<String, @Nullable String> values) {
    String state = values.apply("state");
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
    String batch = values.apply("batch");
    return new TaskFilter(
        known,
        values.apply("worker"),
        values.apply("error"),
        batch == null ? null : id(batch, "batch"),
        values.apply("name"),
        values.apply("text"),
        new TaskFilter.Period(time(values.apply("from"), "from"), time(values.apply("to"), "to")));
  }

  /** What is asked of a report on work. */
  WorkReports.Wanted report() {
    String by = value("by");
    String batch = value("batch");
    return new WorkReports.Wanted(
        Stream.of(WorkReports.By.values())
            .filter(one -> by == null || one.text().equals(by))
            .findFirst()
            .orElseThrow(() -> Problem.badRequest("by must be one of worker, batch, account, day")),
        batch == null ? null : id(batch, "batch"),
        value("account"),
        new TaskFilter.Period(time(value("from"), "from"), time(value("to"), "to")));
  }

  private static @Nullable Instant time(@Nullable String text, String what) {
    if (text == null) {
      return null;
    }
    try {
      // Years of four digits: databases know no others.
      if (text.length() <= 40 && text.matches("[0-9]{4}-.*")) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeParseException e) {
      // Said below.
    }
    throw Problem.badRequest(what + " must be a time such as 2026-01-31T22:00:00Z");
  }
}
