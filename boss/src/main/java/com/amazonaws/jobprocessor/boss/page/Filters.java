package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.FilterText;
import com.amazonaws.jobprocessor.boss.store.Place;
import com.amazonaws.jobprocessor.boss.store.TaskFilter;
import com.amazonaws.jobprocessor.boss.store.TaskList.Order;
import com.amazonaws.jobprocessor.boss.store.TaskState;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Filters of tasks between URLs, forms and people. */
final class Filters {
  private static final int MAX_TEXT = 300;

  private Filters() {}

  /**
   * The filter of a URL's query or of a form.
   *
   * @param values by the name of the parameter, empty if it is missing
   */
  static TaskFilter read(Function<String, String> values) {
    String state = values.apply("state");
    String batch = values.apply("batch");
    if (!batch.isEmpty() && !batch.matches("[1-9][0-9]{0,17}")) {
      throw new Refused(400, "A batch is asked for by its number.");
    }
    Optional<TaskState> known = TaskState.of(state);
    if (!state.isEmpty() && known.isEmpty()) {
      throw new Refused(400, "There is no such state of tasks.");
    }
    return new TaskFilter(
        known.orElse(null),
        text(values.apply("worker")),
        text(values.apply("error")),
        batch.isEmpty() ? null : Long.valueOf(batch),
        text(values.apply("name")),
        text(values.apply("text")),
        new TaskFilter.Period(
            time(values.apply("from"), ZoneOffset.UTC), time(values.apply("to"), ZoneOffset.UTC)));
  }

  private static @Nullable String text(String text) {
    return text.isEmpty() ? null : text.substring(0, Math.min(text.length(), MAX_TEXT));
  }

  /** A time as the API or as a browser's field has it, or a day's begin; null if it is empty. */
  static @Nullable Instant time(String text, ZoneId zone) {
    if (text.isEmpty()) {
      return null;
    }
    try {
      if (text.matches("[0-9]{4}-[0-9]{2}-[0-9]{2}")) {
        return LocalDate.parse(text).atStartOfDay(zone).toInstant();
      }
      if (text.matches("[0-9]{4}-.{1,14}")) {
        return LocalDateTime.parse(text).atZone(zone).toInstant();
      }
      if (text.matches("[0-9]{4}-.{1,36}")) {
        return OffsetDateTime.parse(text).toInstant();
      }
    } catch (DateTimeException e) {
      // Said below.
    }
    throw new Refused(400, "A time is written such as 2026-01-31 or 2026-01-31T22:00.");
  }

  /** As a browser's field for times has it. */
  static String field(@Nullable Instant time) {
    return time == null ? "" : time.atOffset(ZoneOffset.UTC).toLocalDateTime().toString();
  }

  /** The order that a URL asks for: by changes where a time is asked for, unless it is said. */
  static Order order(String text, TaskFilter filter) {
    return switch (text) {
      case "changed" -> Order.CHANGED;
      case "created" -> Order.CREATED;
      default -> filter.changed().isAlways() ? Order.CREATED : Order.CHANGED;
    };
  }

  /** The place that a URL asks for, if it is one of a list in this order. */
  static @Nullable Place place(String text, Order order) {
    return Place.parse(text)
        .filter(place -> (place.time() != null) == (order == Order.CHANGED))
        .orElse(null);
  }

  /** The URL of a list, without a place. */
  static String url(TaskFilter filter, Order order) {
    String query = FilterText.write(filter);
    if (order != order("", filter)) {
      query += (query.isEmpty() ? "" : "&") + "order=" + order.text();
    }
    return query.isEmpty() ? "/tasks" : "/tasks?" + query;
  }

  /** The same URL with one more parameter. */
  static String with(String url, String name, String value) {
    return url + (url.indexOf('?') < 0 ? '?' : '&') + name + '=' + value;
  }

  /** What is asked for, in words: to stand behind "all tasks". */
  static List<String> words(TaskFilter filter) {
    List<String> words = new ArrayList<>();
    TaskState state = filter.state();
    add(words, "in the state", state == null ? null : state.text());
    add(words, "of batch", filter.batch());
    add(words, "ended by the worker", filter.worker());
    add(words, "failed of", filter.error());
    add(words, "with the name", filter.name());
    add(words, "with the text in their names:", filter.text());
    Instant from = filter.changed().from();
    Instant to = filter.changed().to();
    add(words, "changed at or after", from == null ? null : Words.exact(from));
    add(words, "changed before", to == null ? null : Words.exact(to));
    return words;
  }

  private static void add(List<String> words, String name, @Nullable Object value) {
    if (value != null) {
      words.add(name + " " + Words.foreign(value.toString(), MAX_TEXT));
    }
  }
}
