package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.store.Operations.Cutoff;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Finds the moment as of which tasks are counted. */
final class Cutoffs {
  private Cutoffs() {}

  /** All tasks that there are, as they stand. */
  static Cutoff of(Handle handle, Instant now) {
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
