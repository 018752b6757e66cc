package com.amazonaws.jobprocessor.boss.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter as the query of a URL has it: how pages link to it and operations keep theirs. */
public final class FilterText {
  /** Characters of a filter that an operation can keep. */
  public static final int MAX_KEPT = 4_096;

  private FilterText() {}

  /** The query, without a question mark; empty for all tasks. */
  public static String write(TaskFilter filter) {
    StringBuilder text = new StringBuilder();
    values(filter)
        .forEach(
            (name, value) ->
                text.append(text.isEmpty() ? "" : "&")
                    .append(name)
                    .append('=')
                    .append(URLEncoder.encode(value, UTF_8)));
    return text.toString();
  }

  /** What is asked for, by the names of the query. */
  public static Map<String, String> values(TaskFilter filter) {
    Map<String, String> values = new LinkedHashMap<>();
    TaskState state = filter.state();
    put(values, "state", state == null ? null : state.text());
    put(values, "worker", filter.worker());
    put(values, "error", filter.error());
    put(values, "batch", filter.batch());
    put(values, "name", filter.name());
    put(values, "text", filter.text());
    put(values, "from", filter.changed().from());
    put(values, "to", filter.changed().to());
    return values;
  }

  private static void put(Map<String, String> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value.toString());
    }
  }

  /** The filter of a text that this class has written. */
  public static TaskFilter read(String text) {
    Map<String, String> values = new LinkedHashMap<>();
    for (String pair : text.split("&", -1)) {
      int equals = pair.indexOf('=');
      if (equals > 0) {
        values.put(pair.substring(0, equals), URLDecoder.decode(pair.substring(equals + 1), UTF_8));
      }
    }
    String state = values.get("state");
    String batch = values.get("batch");
    return new TaskFilter(
        state == null ? null : TaskState.of(state).orElseThrow(),
        values.get("worker"),
        values.get("error"),
        batch == null ? null : Long.valueOf(batch),
        values.get("name"),
        values.get("text"),
        new TaskFilter.Period(instant(values.get("from")), instant(values.get("to"))));
  }

  private static @Nullable Instant instant(@Nullable String text) {
    return text == null ? null : Instant.parse(text);
  }
}
