package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.store.TaskList.Order;
import com.amazonaws.jobprocessor.boss.store.TaskList.Stretch;
import com.amazonaws.jobprocessor.boss.store.TaskList.Wanted;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;

/**
 * A part of a list that one index has in the list's order: the tasks of one state, or of one state
 * and worker, of a name, or all. In a list by changes the tasks of the very moment at which the
 * page begins are a part of their own, since many may have been made in one moment.
 */
final class Branch {
  private final Wanted wanted;
  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Columns that have one value here, in the order of the index. */
  private final List<String> fixed = new ArrayList<>();

  private final StringBuilder range = new StringBuilder();
  private final StringBuilder rest = new StringBuilder();
  private final boolean byTime;
  private final int branches;

  private Branch(Wanted wanted, @Nullable TaskState state, @Nullable Boolean tie, int branches) {
    this.wanted = wanted;
    this.branches = branches;
    TaskFilter filter = wanted.filter();
    if (state != null) {
      fix("state", state.text());
    }
    boolean changes = wanted.order() == Order.CHANGED;
    String indexed = changes ? "" : choose(filter, state);
    one("worker", filter.worker(), indexed.equals("worker"));
    one("error_type", filter.error(), indexed.equals("error_type"));
    one("name", filter.name(), indexed.equals("name"));
    if (state == null && filter.state() != null) {
      one("state", filter.state().text(), false);
    }
    bindRange(filter, changes);
    if (filter.text() != null) {
      rest.append(" and position(lower(:text) in lower(t.name)) > 0");
      values.put("text", filter.text());
    }
    this.byTime = changes && !Boolean.TRUE.equals(tie);
    begin(tie);
  }

  private static String choose(TaskFilter filter, @Nullable TaskState state) {
    if (state == null) {
      return filter.name() == null ? "" : "name";
    }
    return filter.error() != null ? "error_type" : filter.worker() != null ? "worker" : "";
  }

  private void fix(String column, Object value) {
    fixed.add(column);
    values.put(column, value);
  }

  private void one(String column, @Nullable Object value, boolean indexed) {
    if (value != null) {
      if (indexed) {
        fixed.add(column);
      } else {
        rest.append(" and t.").append(column).append(" = :").append(column);
      }
      values.put(column, value);
    }
  }

  private void bindRange(TaskFilter filter, boolean changes) {
    // In the order of the list these bound what is read; in another they are looked at row by row.
    (changes ? rest : range).append(filter.batchSql());
    (changes ? range : rest).append(filter.changedSql());
    if (filter.batch() != null) {
      values.put("batch", filter.batch());
    }
    if (filter.changed().from() != null) {
      values.put("from", filter.changed().from());
    }
    if (filter.changed().to() != null) {
      values.put("to", filter.changed().to());
    }
  }

  private void begin(@Nullable Boolean tie) {
    Place place = wanted.place();
    if (place == null) {
      return;
    }
    String beyond = wanted.older() ? " < " : " > ";
    if (tie == null) {
      range.append(" and t.id").append(beyond).append(":id");
      values.put("id", place.id());
    } else if (tie) {
      range.append(" and t.changed_at = :time and t.id").append(beyond).append(":id");
      values.put("id", place.id());
      values.put("time", Optional.ofNullable(place.time()).orElseThrow());
    } else {
      range.append(" and t.changed_at").append(beyond).append(":time");
      values.put("time", Optional.ofNullable(place.time()).orElseThrow());
    }
  }

  /** The parts of a list. */
  static List<Branch> of(Wanted wanted) {
    TaskFilter filter = wanted.filter();
    boolean changes = wanted.order() == Order.CHANGED;
    List<@Nullable TaskState> states = new ArrayList<>();
    boolean plain = filter.state() == null && filter.worker() == null && filter.error() == null;
    if (!changes && (plain || filter.name() != null)) {
      states.add(null);
    } else {
      states.addAll(filter.states());
    }
    Place place = wanted.place();
    boolean ties = changes && place != null;
    List<Branch> all = new ArrayList<>();
    for (TaskState state : states) {
      if (ties) {
        all.add(new Branch(wanted, state, true, states.size()));
      }
      all.add(new Branch(wanted, state, ties ? Boolean.FALSE : null, states.size()));
    }
    return all;
  }

  /**
   * Reads its tasks.
   *
   * @param maxSearched rows that all parts together may look at
   * @param limit tasks
   */
  Stretch read(Handle handle, int maxSearched, int limit) {
    if (rest.isEmpty()) {
      return new Stretch(tasks(handle, "", null, limit), null, 0);
    }
    int rows = Math.max(1, maxSearched / branches);
    Place stop = place(handle, rows);
    List<Task> found = tasks(handle, stop == null ? "" : within(stop), stop, limit);
    boolean full = found.size() == limit;
    return new Stretch(found, full ? null : stop, full || stop == null ? 0 : rows);
  }

  /** The place of the row that is so many rows on; null if there are fewer. */
  private @Nullable Place place(Handle handle, int rows) {
    String columns = byTime ? "t.id, t.changed_at" : "t.id";
    Query query =
        handle.createQuery(
            "select "
                + columns
                + from("")
                + " offset "
                + (rows - 1)
                + " rows fetch next 1 rows only");
    values.forEach((name, value) -> bind(query, name, value, false));
    return query
        .map(
            (row, _) ->
                new Place(byTime ? Rows.instant(row, "changed_at") : time(), row.getLong("id")))
        .findOne()
        .orElse(null);
  }

  /** The moment of a part that has but one, or null. */
  private java.time.@Nullable Instant time() {
    Place place = wanted.place();
    return wanted.order() == Order.CHANGED && place != null ? place.time() : null;
  }

  private String from(String more) {
    StringBuilder sql = new StringBuilder(" from task t where true");
    fixed.forEach(column -> sql.append(" and t." + column + " = :" + column));
    sql.append(range).append(more).append(" order by ");
    String direction = wanted.older() ? " desc" : " asc";
    fixed.forEach(column -> sql.append("t.").append(column).append(direction).append(", "));
    if (byTime) {
      sql.append("t.changed_at").append(direction).append(", ");
    }
    return sql.append("t.id").append(direction).toString();
  }

  private String within(Place stop) {
    String beyond = wanted.older() ? " >" : " <";
    if (!byTime) {
      return " and t.id" + beyond + "= :stop";
    }
    values.put("stop_time", Optional.ofNullable(stop.time()).orElseThrow());
    return " and t.changed_at"
        + beyond
        + "= :stop_time and (t.changed_at"
        + beyond
        + " :stop_time or t.id"
        + beyond
        + "= :stop)";
  }

  private List<Task> tasks(Handle handle, String within, @Nullable Place stop, int limit) {
    Query query = handle.createQuery("select *" + from(within + rest) + " limit " + limit);
    if (stop != null) {
      values.put("stop", stop.id());
    }
    values.forEach((name, value) -> bind(query, name, value, true));
    return query.map((row, _) -> Tasks.task(row)).list();
  }

  /** Binds what the statement has; the first of the two has no residue. */
  private void bind(Query query, String name, Object value, boolean whole) {
    if (whole || fixed.contains(name) || range.indexOf(":" + name) >= 0) {
      query.bind(name, value);
    }
  }
}
