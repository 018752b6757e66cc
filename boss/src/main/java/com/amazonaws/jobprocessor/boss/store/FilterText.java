package com.amazonaws.jobprocessor.boss.store;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A filter as the query of a URL has it: how operations keep theirs. */
final class FilterText {
  private FilterText() {}

  static String write(TaskFilter filter) {
    StringBuilder text = new StringBuilder();
    TaskState state = filter.state();
    add(text, "state", state == null ? null : state.text());
    add(text, "worker", filter.worker());
    add(text, "error", filter.error());
    Long batch = filter.batch();
    add(text, "batch", batch == null ? null : batch.toString());
    return text.toString();
  }

  private static void add(StringBuilder text, String name, @Nullable String value) {
    if (value != null) {
      text.append(text.isEmpty() ? "" : "&")
          .append(name)
          .append('=')
          .append(URLEncoder.encode(value, UTF_8));
    }
  }

  static TaskFilter read(String text) {
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
        batch == null ? null : Long.valueOf(batch));
  }
}
