package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.store.Operations.Kind;
import com.amazonaws.jobprocessor.boss.store.Operations.Operation;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Does operations, a chunk a transaction, so that one goes on where it was if a boss dies. The
 * oldest goes first, and holds its row: of several bosses one works.
 */
final class OperationStep {
  private static final int CHUNK = 200;
  private static final int MAX_PROBLEM = 1_000;

  private final Database database;
  private final Tasks tasks;
  private final InstantSource clock;

  OperationStep(Database database, Tasks tasks, InstantSource clock) {
    this.database = database;
    this.tasks = tasks;
    this.clock = clock;
  }

  /** What came of some tasks. */
  private static final class Count {
    private long done;
    private long skipped;
    private long failed;
    private @Nullable String failure;
  }

  /** Does the next chunk; false if there is none to do. */
  boolean take() {
    try {
      return database.inTransaction(handle -> take(handle, false));
    } catch (UnableToExecuteStatementException e) {
      if (!isOfTheData(e)) {
        throw e;
      }
      // One of them is at fault: each is done by itself, and those that fail are counted.
      return database.inTransaction(handle -> take(handle, true));
    }
  }

  /** SQLSTATE classes 22 and 23: the row is refused, and would be again. */
  private static boolean isOfTheData(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof SQLException sql && sql.getSQLState() != null) {
        return sql.getSQLState().startsWith("22") || sql.getSQLState().startsWith("23");
      }
    }
    return false;
  }

  private boolean take(Handle handle, boolean singly) {
    Optional<Operation> next = next(handle);
    next.ifPresent(operation -> take(handle, operation, singly));
    return next.isPresent();
  }

  private Optional<Operation> next(Handle handle) {
    // The one that runs goes on before another begins.
    Optional<Long> id =
        handle
            .createQuery(
                // What runs goes on should the clock be set back meanwhile.
                "select id from operation where state = 'running'"
                    + " or (state = 'scheduled' and starts_at <= :now)"
                    + " order by state, starts_at, id limit 1")
            .bind("now", clock.instant())
            .mapTo(Long.class)
            .findOne();
    return id.flatMap(
        one ->
            handle
                .createQuery(
                    "select id from operation where id = :id"
                        + " and state in ('running', 'scheduled') for update skip locked")
                .bind("id", one)
                .mapTo(Long.class)
                .findOne()
                .flatMap(locked -> Operations.find(handle, locked)));
  }

  private void take(Handle handle, Operation operation, boolean singly) {
    int most = (int) Math.min(CHUNK, left(operation));
    List<Long> ids = most == 0 ? List.of() : ids(handle, operation, most);
    boolean isOver = ids.size() < most || left(operation) <= ids.size();
    Count count = new Count();
    String why = "operation " + operation.id() + ": " + operation.reason();
    Passport.By by = Passport.By.person(operation.createdBy(), why);
    for (long id : ids) {
      if (singly) {
        alone(handle, operation, id, by, count);
      } else {
        one(handle, operation, id, by, count);
      }
    }
    handle
        .createUpdate(
            "update operation set done = done + :done, skipped = skipped + :skipped,"
                + " failed = failed + :failed, failure = coalesce(:failure, failure),"
                + " last_id = coalesce(:last, last_id), changed_at = :now, state = :state"
                + " where id = :id")
        .bind("done", count.done)
        .bind("skipped", count.skipped)
        .bind("failed", count.failed)
        .bind("failure", count.failure)
        .bind("last", ids.isEmpty() ? null : ids.getLast())
        .bind("now", clock.instant())
        .bind("state", isOver ? "done" : "running")
        .bind("id", operation.id())
        .execute();
  }

  /**
   * Tasks that are left of those that were counted: what an upload that was under way then has
   * brought since, with an older id and an older time, is not more than was shown.
   */
  private static long left(Operation operation) {
    Operations.Progress so = operation.progress();
    return Math.max(0, operation.matching() - so.done() - so.skipped() - so.failed());
  }

  private static List<Long> ids(Handle handle, Operation operation, int most) {
    long last =
        handle
            .createQuery("select last_id from operation where id = :id")
            .bind("id", operation.id())
            .mapTo(Long.class)
            .one();
    TaskFilter filter = FilterText.read(operation.filter());
    return filter
        .bind(
            handle.createQuery(
                "select t.id from task t where t.id <= :cutoff_id and t.changed_at <= :cutoff_at"
                    + " and t.id > :last"
                    + filter.sql()
                    + " order by "
                    + filter.order("asc")
                    + " limit :chunk"))
        .bind("cutoff_id", operation.cutoff().task())
        .bind("cutoff_at", operation.cutoff().at())
        .bind("last", last)
        .bind("chunk", most)
        .mapTo(Long.class)
        .list();
  }

  private void one(Handle handle, Operation operation, long id, Passport.By by, Count count) {
    boolean worked =
        operation.kind().equals(Kind.RETRY.text())
            ? tasks.retry(handle, id, by)
            : tasks.cancel(handle, id, by);
    if (worked) {
      count.done++;
    } else {
      count.skipped++;
    }
  }

  private void alone(Handle handle, Operation operation, long id, Passport.By by, Count count) {
    handle.savepoint("task");
    try {
      one(handle, operation, id, by, count);
      handle.releaseSavepoint("task");
    } catch (UnableToExecuteStatementException e) {
      if (!isOfTheData(e)) {
        throw e;
      }
      handle.rollbackToSavepoint("task");
      count.failed++;
      count.failure = Rows.cut("task " + id + ": " + reason(e), MAX_PROBLEM);
      if (operation.progress().failed() + count.failed <= Operations.MAX_FAILURES) {
        note(handle, operation.id(), id, Rows.cut(reason(e), MAX_PROBLEM));
      }
    }
  }

  private static void note(Handle handle, long operation, long task, String problem) {
    handle
        .createUpdate(
            "insert into operation_failure (operation_id, task_id, problem)"
                + " values (:operation, :task, :problem)")
        .bind("operation", operation)
        .bind("task", task)
        .bind("problem", problem)
        .execute();
  }

  private static String reason(Throwable e) {
    Throwable cause = e;
    while (cause.getCause() != null) {
      cause = cause.getCause();
    }
    return String.valueOf(cause.getMessage()).lines().findFirst().orElse("");
  }
}
