package com.amazonaws.jobprocessor.boss.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is done to all tasks that match a filter, a chunk a transaction, so that it goes on where it
 * was if a boss dies. Tasks that came after it was asked for are not touched.
 */
public final class Operations {
  private static final int CHUNK = 200;

  /** What is done to each. */
  public enum Kind {
    RETRY,
    CANCEL;

    /** As it is stored and written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * An operation.
   *
   * @param filter as it was asked for
   * @param cutoff no task above this id
   * @param state {@code running}, {@code done} or {@code stopped}
   * @param matching how many tasks matched when it was asked for
   * @param skipped matched and were in no state for it when their turn came
   */
  public record Operation(
      long id,
      String kind,
      String filter,
      long cutoff,
      String reason,
      String state,
      long matching,
      long done,
      long skipped,
      String createdBy,
      Instant createdAt,
      Instant changedAt) {}

  private final Database database;
  private final Tasks tasks;
  private final Actions actions;
  private final InstantSource clock;

  /** The operations of a database. */
  public Operations(Database database, Tasks tasks, Actions actions, InstantSource clock) {
    this.database = database;
    this.tasks = tasks;
    this.actions = actions;
    this.clock = clock;
  }

  /** Asks for an operation. */
  public Operation create(String who, Kind kind, TaskFilter filter, String reason) {
    return database.inTransaction(
        handle -> {
          long[] counted =
              filter
                  .bind(
                      handle.createQuery(
                          "select count(*), coalesce(max(t.id), 0) from task t where t.id > 0"
                              + filter.sql()))
                  .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
                  .one();
          long id =
              handle
                  .createUpdate(
                      "insert into operation (kind, filter, cutoff_id, reason, state, matching,"
                          + " last_id, done, skipped, created_by, created_at, changed_at) values"
                          + " (:kind, :filter, :cutoff, :reason, 'running', :matching,"
                          + " 0, 0, 0, :who, :now, :now)")
                  .bind("kind", kind.text())
                  .bind("filter", FilterText.write(filter))
                  .bind("cutoff", counted[1])
                  .bind("reason", reason)
                  .bind("matching", counted[0])
                  .bind("who", who)
                  .bind("now", clock.instant())
                  .executeAndReturnGeneratedKeys("id")
                  .mapTo(Long.class)
                  .one();
          actions.log(
              handle, who, "operation." + kind.text(), id + ": " + counted[0] + ", " + reason);
          return find(handle, id).orElseThrow();
        });
  }

  /** An operation by its id. */
  public Optional<Operation> find(long id) {
    return database.read(handle -> find(handle, id));
  }

  private static Optional<Operation> find(Handle handle, long id) {
    return handle
        .createQuery("select * from operation where id = :id")
        .bind("id", id)
        .map((row, _) -> operation(row))
        .findOne();
  }

  /** The newest before an id, at most so many. */
  public List<Operation> before(long id, int limit) {
    return new ArrayList<>(
        database.read(
            handle ->
                handle
                    .createQuery(
                        "select * from operation where id < :id order by id desc limit :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map((row, _) -> operation(row))
                    .list()));
  }

  private static Operation operation(ResultSet row) throws SQLException {
    return new Operation(
        row.getLong("id"),
        row.getString("kind"),
        row.getString("filter"),
        row.getLong("cutoff_id"),
        row.getString("reason"),
        row.getString("state"),
        row.getLong("matching"),
        row.getLong("done"),
        row.getLong("skipped"),
        row.getString("created_by"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "changed_at"));
  }

  /** Stops an operation between two chunks; false if it does not run. */
  public boolean stop(String who, long id) {
    return database.inTransaction(
        handle -> {
          boolean stopped =
              handle
                      .createUpdate(
                          "update operation set state = 'stopped', changed_at = :now"
                              + " where id = :id and state = 'running'")
                      .bind("id", id)
                      .bind("now", clock.instant())
                      .execute()
                  > 0;
          if (stopped) {
            actions.log(handle, who, "operation.stop", String.valueOf(id));
          }
          return stopped;
        });
  }

  /** Does the next chunk of the oldest that runs; false if there is none to do. */
  public boolean step() {
    return database.inTransaction(
        handle -> {
          Long id =
              handle
                  .createQuery(
                      "select id from operation where state = 'running' order by id limit 1"
                          + " for update skip locked")
                  .mapTo(Long.class)
                  .findOne()
                  .orElse(null);
          if (id == null) {
            return false;
          }
          step(handle, find(handle, id).orElseThrow());
          return true;
        });
  }

  private static long lastId(Handle handle, long id) {
    return handle
        .createQuery("select last_id from operation where id = :id")
        .bind("id", id)
        .mapTo(Long.class)
        .one();
  }

  private void step(Handle handle, Operation operation) {
    TaskFilter filter = FilterText.read(operation.filter());
    List<Long> ids =
        filter
            .bind(
                handle.createQuery(
                    "select t.id from task t where t.id <= :cutoff and t.id > :last"
                        + filter.sql()
                        + " order by "
                        + filter.order("asc")
                        + " limit :chunk"))
            .bind("cutoff", operation.cutoff())
            .bind("last", lastId(handle, operation.id()))
            .bind("chunk", CHUNK)
            .mapTo(Long.class)
            .list();
    long done = 0;
    for (long id : ids) {
      boolean worked =
          operation.kind().equals(Kind.RETRY.text())
              ? tasks.retry(handle, id)
              : tasks.cancel(handle, id);
      done += worked ? 1 : 0;
    }
    @Nullable Long last = ids.isEmpty() ? null : ids.getLast();
    handle
        .createUpdate(
            "update operation set done = done + :done, skipped = skipped + :skipped,"
                + " last_id = coalesce(:last, last_id), changed_at = :now, state = :state"
                + " where id = :id")
        .bind("done", done)
        .bind("skipped", ids.size() - done)
        .bind("last", last)
        .bind("now", clock.instant())
        .bind("state", ids.size() < CHUNK ? "done" : "running")
        .bind("id", operation.id())
        .execute();
  }
}
