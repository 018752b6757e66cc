package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;

/**
 * Which tasks are meant; what is null is not asked for.
 *
 * @param worker whose answer has ended them
 * @param error the type of the error, as it stands in dead letters
 * @param name the whole name
 * @param text somewhere in the name; A to Z in capitals or not, other letters as the locale of the
 *     database has them
 * @param changed when their state changed last
 */
public record TaskFilter(
    @Nullable TaskState state,
    @Nullable String worker,
    @Nullable String error,
    @Nullable Long batch,
    @Nullable String name,
    @Nullable String text,
    Period changed) {
  /** A filter; characters that no database stores are none that a task could have. */
  public TaskFilter {
    worker = sendable(worker);
    error = sendable(error);
    name = sendable(name);
    text = sendable(text);
  }

  static @Nullable String sendable(@Nullable String text) {
    return text == null ? null : MessageFormat.sendable(text);
  }

  /** All tasks. */
  public static final TaskFilter ALL = new TaskFilter(null, null, null, null);

  /** A time: from a moment on, and before another; what is null is open. */
  public record Period(@Nullable Instant from, @Nullable Instant to) {
    /** All time. */
    public static final Period ALWAYS = new Period(null, null);

    /** True if it is open on both sides. */
    public boolean isAlways() {
      return from == null && to == null;
    }
  }

  /** A filter that asks for neither a name nor a time. */
  public TaskFilter(
      @Nullable TaskState state,
      @Nullable String worker,
      @Nullable String error,
      @Nullable Long batch) {
    this(state, worker, error, batch, null, null, Period.ALWAYS);
  }

  /** The same with another state. */
  public TaskFilter withState(@Nullable TaskState other) {
    return new TaskFilter(other, worker, error, batch, name, text, changed);
  }

  /** True if nothing is asked for. */
  public boolean isAll() {
    return equals(ALL);
  }

  /** The states that tasks with such answers can have: those that it is worth to look at. */
  List<TaskState> states() {
    if (state != null) {
      return List.of(state);
    }
    if (error != null) {
      return List.of(TaskState.FAILED);
    }
    return worker != null
        ? List.of(TaskState.SUCCEEDED, TaskState.FAILED)
        : List.of(TaskState.values());
  }

  /** To stand behind another condition on the table of tasks, which is called t. */
  String sql() {
    TaskState only = states().size() == 1 ? states().getFirst() : null;
    return (only == null ? "" : " and t.state = :state")
        + (worker == null ? "" : " and t.worker = :worker")
        + (error == null ? "" : " and t.error_type = :error")
        + batchSql()
        + (name == null ? "" : " and t.name = :name")
        + (text == null ? "" : " and position(lower(:text) in lower(t.name)) > 0")
        + changedSql();
  }

  String batchSql() {
    return batch == null
        ? ""
        : " and t.id >= (select first_task from batch where id = :batch)"
            + " and t.id < (select first_task + tasks from batch where id = :batch)";
  }

  String changedSql() {
    return (changed.from() == null ? "" : " and t.changed_at >= :from")
        + (changed.to() == null ? "" : " and t.changed_at < :to");
  }

  /**
   * To stand behind {@code order by}: by id, but said such that H2 finds the index that has the
   * rows in this order, rather than sort all that match.
   *
   * @param direction {@code asc} or {@code desc}
   */
  String order(String direction) {
    String first = states().size() == 1 ? "t.state " + direction + ", " : "";
    String second =
        first.isEmpty()
            ? ""
            : error != null
                ? "t.error_type " + direction + ", "
                : worker != null ? "t.worker " + direction + ", " : "";
    return first + second + "t.id " + direction;
  }

  <T extends SqlStatement<T>> T bind(T statement) {
    values().forEach(statement::bind);
    return statement;
  }

  private Map<String, Object> values() {
    Map<String, Object> values = new LinkedHashMap<>();
    if (states().size() == 1) {
      values.put("state", states().getFirst().text());
    }
    put(values, "worker", worker);
    put(values, "error", error);
    put(values, "batch", batch);
    put(values, "name", name);
    put(values, "text", text);
    put(values, "from", changed.from());
    put(values, "to", changed.to());
    return values;
  }

  private static void put(Map<String, Object> values, String name, @Nullable Object value) {
    if (value != null) {
      values.put(name, value);
    }
  }
}
