package com.amazonaws.jobprocessor.boss.store;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks are meant; what is null is not asked for.
 *
 * @param error the type of the error, as it stands in dead letters
 */
public record TaskFilter(
    @Nullable TaskState state,
    @Nullable String worker,
    @Nullable String error,
    @Nullable Long batch) {
  /** All tasks. */
  public static final TaskFilter ALL = new TaskFilter(null, null, null, null);

  /** To stand behind another condition. */
  String sql() {
    return (state == null ? "" : " and state = :state")
        + (worker == null ? "" : " and worker = :worker")
        + (error == null ? "" : " and error_type = :error")
        + (batch == null ? "" : " and batch_id = :batch");
  }

  <T extends SqlStatement<T>> T bind(T statement) {
    values().forEach(statement::bind);
    return statement;
  }

  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    if (state != null) {
      values.put("state", state.text());
    }
    if (worker != null) {
      values.put("worker", worker);
    }
    if (error != null) {
      values.put("error", error);
    }
    if (batch != null) {
      values.put("batch", batch);
    }
    return values;
  }
}
