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

  /** To stand behind another condition on the table of tasks, which is called t. */
  String sql() {
    return (state == null ? "" : " and t.state = :state")
        + (worker == null ? "" : " and t.worker = :worker")
        + (error == null ? "" : " and t.error_type = :error")
        + (batch == null ? "" : " and t.batch_id = :batch");
  }

  /**
   * To stand behind {@code order by}: by id, but said such that H2 finds the index that has the
   * rows in this order, rather than sort all that match.
   *
   * @param direction {@code asc} or {@code desc}
   */
  String order(String direction) {
    String first =
        state != null
            ? "state"
            : worker != null
                ? "worker"
                : error != null ? "error_type" : batch != null ? "batch_id" : null;
    return (first == null ? "" : "t." + first + " " + direction + ", ") + "t.id " + direction;
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
