package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.store.Operations.Cutoff;
import com.amazonaws.jobprocessor.boss.store.Operations.Preview;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Counts what an operation would do. */
final class Previews {
  private Previews() {}

  /**
   * Counts what matches.
   *
   * @param cutoff as it stood then; null for now
   */
  static Preview of(Handle handle, TaskFilter filter, @Nullable Cutoff cutoff, Instant now) {
    Cutoff moment = cutoff == null ? moment(handle, now) : cutoff;
    Map<TaskState, Long> states = new LinkedHashMap<>();
    filter
        .bind(
            handle.createQuery(
                "select t.state, count(*) from task t where t.id <= :cutoff_id"
                    + " and t.changed_at <= :cutoff_at"
                    + filter.sql()
                    + " group by t.state"))
        .bind("cutoff_id", moment.task())
        .bind("cutoff_at", moment.at())
        .map((row, _) -> states.put(TaskState.of(row.getString(1)).orElseThrow(), row.getLong(2)))
        .list();
    return new Preview(moment, states);
  }

  /** All tasks that there are, as they stand. */
  private static Cutoff moment(Handle handle, Instant now) {
    long last = handle.createQuery("select coalesce(max(id), 0) from task").mapTo(Long.class).one();
    Instant latest = now;
    // A clock that was set back has changed tasks at times that are to come.
    for (TaskState state : TaskState.values()) {
      latest =
          handle
              .createQuery(
                  "select max(changed_at) as last from task"
                      + " where state = :state and changed_at > :latest")
              .bind("state", state.text())
              .bind("latest", latest)
              .map((row, _) -> Rows.instantOrNull(row, "last"))
              .findOne()
              .orElse(latest);
    }
    return new Cutoff(last, latest);
  }
}
