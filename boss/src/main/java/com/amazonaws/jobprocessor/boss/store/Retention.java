package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;

/** Deletes what is old, a bounded number of rows a transaction. */
public final class Retention {
  private static final int CHUNK = 1_000;
  private static final int MAX_CHUNKS = 100;

  /** For so long a request with an Idempotency-Key may be made again. */
  static final Duration REQUESTS = Duration.ofHours(24);

  private final Database database;
  private final Duration kept;
  private final InstantSource clock;

  /**
   * A retention.
   *
   * @param kept how long ended tasks, strays and the log of actions are kept
   */
  public Retention(Database database, Duration kept, InstantSource clock) {
    this.database = database;
    this.kept = kept;
    this.clock = clock;
  }

  /** Deletes what is too old; returns how many tasks that were. */
  public int apply() {
    Instant now = clock.instant();
    Instant old = now.minus(kept);
    int deleted = 0;
    for (TaskState state : TaskState.values()) {
      int last = state.isEnd() ? CHUNK : 0;
      for (int i = 0; i < MAX_CHUNKS && last == CHUNK; i++) {
        last = database.inTransaction(handle -> tasks(handle, state, old));
        deleted += last;
      }
    }
    boolean any = deleted > 0;
    delete("stray", "id", "received_at < :old", old);
    delete("action", "id", "at < :old", old);
    delete("operation", "id", "changed_at < :old and state not in ('scheduled', 'running')", old);
    delete(
        "operation_failure",
        "(operation_id, task_id)",
        "operation_id not in (select id from operation)",
        old);
    // What still waits then is for an address that no boss is told of any more.
    delete("webhook", "id", "changed_at < :old", old);
    delete("work_run", "id", "began_at < :old and ended_at is not null", old);
    delete("forecast", "id", "made_at < :old", old);
    delete(
        "night",
        "id",
        "opened_at < :old and left_at_end is not null and boxes_state not in ('asked', 'up')",
        old);
    delete("request", "(who, request_key)", "created_at < :old", now.minus(REQUESTS));
    if (any) {
      delete(
          "batch",
          "id",
          "created_at < :old and not exists (select 1 from task"
              + " where task.id >= batch.first_task and task.id < batch.first_task + batch.tasks)",
          old);
    }
    return deleted;
  }

  /** Gives back what is free in an embedded database's file, if that may be much. */
  public void giveBackSpace() throws InterruptedException {
    database.shrink();
  }

  private static int tasks(Handle handle, TaskState state, Instant old) {
    List<Long> ids =
        handle
            .createQuery(
                "select id from task where state = :state and changed_at < :old"
                    + " limit :chunk for update skip locked")
            .bind("state", state.text())
            .bind("old", old)
            .bind("chunk", CHUNK)
            .mapTo(Long.class)
            .list();
    for (String table : List.of("result", "run", "payload", "task_change")) {
      handle
          .createUpdate("delete from " + table + " where task_id = any(:ids)")
          .bindArray("ids", Long.class, ids)
          .execute();
    }
    handle
        .createUpdate("delete from task where id = any(:ids)")
        .bindArray("ids", Long.class, ids)
        .execute();
    return ids.size();
  }

  /** Deletes the rows of a condition, so many a statement that each takes a moment. */
  private void delete(String table, String key, String condition, Instant old) {
    String columns = key.replaceAll("[()]", "");
    String sql =
        "delete from "
            + table
            + " where "
            + key
            + " in (select "
            + columns
            + " from "
            + table
            + " where "
            + condition
            + " limit :chunk)";
    int last = CHUNK;
    for (int i = 0; i < MAX_CHUNKS && last == CHUNK; i++) {
      last =
          database.inTransaction(
              handle -> {
                Update delete = handle.createUpdate(sql).bind("chunk", CHUNK);
                return (condition.contains(":old") ? delete.bind("old", old) : delete).execute();
              });
    }
  }
}
