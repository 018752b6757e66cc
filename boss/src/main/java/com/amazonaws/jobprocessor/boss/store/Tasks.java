package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/** The tasks: how they come to be, and what people do with them. */
public final class Tasks {
  private static final int CHUNK = 1_000;

  private final Database database;
  private final Settings settings;
  private final Actions actions;
  private final InstantSource clock;

  /** The tasks of a database. */
  public Tasks(Database database, Settings settings, Actions actions, InstantSource clock) {
    this.database = database;
    this.settings = settings;
    this.actions = actions;
    this.clock = clock;
  }

  /**
   * A batch that was made.
   *
   * @param firstTask its tasks have this id and those that follow
   */
  public record Created(long batch, long firstTask, int count) {
    /** As it is kept for a request that is made again. */
    private String text() {
      return batch + " " + firstTask + " " + count;
    }

    private static Created read(String text) {
      String[] parts = text.split(" ", 3);
      return new Created(
          Long.parseLong(parts[0]), Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
    }
  }

  /**
   * What makes a request one that may be made again with the same effect.
   *
   * @param key as the client chose it
   * @param hash of all that was asked for
   */
  public record Once(String key, String hash) {}

  /** The key was used for another request. */
  public static final class KeyReused extends Exception {
    private static final long serialVersionUID = 1L;
  }

  /**
   * Makes tasks, all or none, as a batch of their own.
   *
   * @param tasks without a problem, at least one
   * @param once null if a repetition makes them again
   */
  public Created create(String who, String batchName, List<NewTask> tasks, @Nullable Once once)
      throws KeyReused {
    long first = settings.takeIds(tasks.size());
    return database.inTransaction(
        handle -> {
          if (once != null) {
            Optional<String> before = Requests.begin(handle, who, once, clock.instant());
            if (before.isPresent()) {
              return Created.read(before.get());
            }
          }
          long batch = insertBatch(handle, who, batchName, first, tasks.size());
          for (int from = 0; from < tasks.size(); from += CHUNK) {
            List<NewTask> chunk = tasks.subList(from, Math.min(tasks.size(), from + CHUNK));
            insert(handle, who, batch, first + from, chunk);
          }
          actions.log(handle, who, "tasks.create", "batch " + batch + ": " + tasks.size());
          Created created = new Created(batch, first, tasks.size());
          if (once != null) {
            Requests.end(handle, who, once, created.text());
          }
          return created;
        });
  }

  private long insertBatch(Handle handle, String who, String name, long first, int count) {
    return handle
        .createUpdate(
            "insert into batch (name, tasks, first_task, created_by, created_at)"
                + " values (:name, :tasks, :first, :who, :now)")
        .bind("first", first)
        .bind("name", name)
        .bind("tasks", count)
        .bind("who", who)
        .bind("now", clock.instant())
        .executeAndReturnGeneratedKeys("id")
        .mapTo(Long.class)
        .one();
  }

  private void insert(Handle handle, String who, long batch, long first, List<NewTask> tasks) {
    Instant now = clock.instant();
    PreparedBatch rows =
        handle.prepareBatch(
            "insert into task (id, batch_id, name, priority, state, run, created_at, changed_at)"
                + " values (:id, :batch, :name, :priority, 'waiting', 0, :now, :now)");
    PreparedBatch payloads =
        handle.prepareBatch(
            "insert into payload (task_id, bytes, body) values (:id, :bytes, :body)");
    long id = first;
    for (NewTask task : tasks) {
      rows.bind("id", id)
          .bind("batch", batch)
          .bind("name", task.name())
          .bind("priority", task.priority())
          .bind("now", now)
          .add();
      payloads
          .bind("id", id)
          .bind("bytes", MessageFormat.utf8Length(task.payload()))
          .bind("body", task.payload())
          .add();
      id++;
    }
    rows.execute();
    payloads.execute();
    List<Long> ids = LongStream.range(first, id).boxed().toList();
    Passport.note(handle, ids, Passport.By.person(who, null), now);
  }

  static Task task(ResultSet row) throws SQLException {
    return new Task(
        row.getLong("id"),
        row.getLong("batch_id"),
        row.getString("name"),
        row.getInt("priority"),
        row.getString("state"),
        row.getInt("run"),
        Rows.intOrNull(row, "ended_run"),
        row.getString("worker"),
        row.getString("error_type"),
        Rows.longOrNull(row, "duration_millis"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "changed_at"));
  }

  /** A task by its id. */
  public Optional<Task> find(long id) {
    return database.read(
        handle ->
            handle
                .createQuery("select * from task where id = :id")
                .bind("id", id)
                .map((row, _) -> task(row))
                .findOne());
  }

  /** A task's payload, until its retention is over. */
  public Optional<String> payload(long id) {
    return database.read(
        handle ->
            handle
                .createQuery("select body from payload where task_id = :id")
                .bind("id", id)
                .mapTo(String.class)
                .findOne());
  }

  /** A dispatch of a task. */
  public record Run(int run, String boss, Instant plannedAt, @Nullable Instant sentAt, int sends) {}

  /** The dispatches of a task, in their order. */
  public List<Run> runs(long id) {
    return database.read(
        handle ->
            handle
                .createQuery("select * from run where task_id = :id order by run")
                .bind("id", id)
                .map(
                    (row, _) ->
                        new Run(
                            row.getInt("run"),
                            row.getString("boss"),
                            Rows.instant(row, "planned_at"),
                            Rows.instantOrNull(row, "sent_at"),
                            row.getInt("sends")))
                .list());
  }

  /**
   * Lets a task run again that has failed, was cancelled, or has not been answered.
   *
   * @return false if it is in another state, and nothing was done
   */
  public boolean retry(String who, long id) {
    return database.inTransaction(
        handle -> {
          boolean done = retry(handle, id, Passport.By.person(who, null));
          if (done) {
            actions.log(handle, who, "task.retry", "task " + id);
          }
          return done;
        });
  }

  /** Takes a task that is waiting or unanswered out of the way; false if it is neither. */
  public boolean cancel(String who, long id) {
    return database.inTransaction(
        handle -> {
          boolean done = cancel(handle, id, Passport.By.person(who, null));
          if (done) {
            actions.log(handle, who, "task.cancel", "task " + id);
          }
          return done;
        });
  }

  boolean retry(Handle handle, long id, Passport.By by) {
    return change(
        handle,
        "update task set state = 'waiting', ended_run = null, worker = null,"
            + " error_type = null, duration_millis = null, changed_at = :now"
            + " where id = :id and state in ('failed', 'cancelled', 'unanswered')"
            + " and exists (select 1 from payload where task_id = task.id)",
        id,
        by);
  }

  boolean cancel(Handle handle, long id, Passport.By by) {
    return change(
        handle,
        "update task set state = 'cancelled', changed_at = :now"
            + " where id = :id and state in ('waiting', 'unanswered')",
        id,
        by);
  }

  private boolean change(Handle handle, String sql, long id, Passport.By by) {
    Instant now = clock.instant();
    boolean done = handle.createUpdate(sql).bind("id", id).bind("now", now).execute() > 0;
    if (done) {
      Passport.note(handle, List.of(id), by, now);
    }
    return done;
  }
}
