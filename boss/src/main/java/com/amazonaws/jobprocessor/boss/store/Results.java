package com.amazonaws.jobprocessor.boss.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Reads results and reports. */
public final class Results {
  /** Bytes of bodies that are read at once. */
  private static final long MAX_PAGE_BYTES = 4 * 1024 * 1024;

  /** Answers of a task that are shown with it. */
  static final int MAX_OF_TASK = 50;

  private static final int MAX_MEASURED = 1_000;

  private final Database database;

  /** The results of a database. */
  public Results(Database database) {
    this.database = database;
  }

  /**
   * What came of a run of a task.
   *
   * @param name the task's
   * @param body the result, or the body of the dead letter
   */
  public record Result(
      long task,
      int run,
      String name,
      boolean succeeded,
      String worker,
      int attempts,
      long durationMillis,
      String messageId,
      boolean inS3,
      String body,
      @Nullable String errorType,
      String errorMessage,
      int copies,
      Instant receivedAt) {}

  private static final String JOIN = " from task t join result r on r.task_id = t.id";

  private static final String COLUMNS = "select t.name, r.*" + JOIN;

  /** A result, and how long its body is: a long one has been left out. */
  private record Row(Result result, long bytes) {}

  /**
   * The answers by which tasks have ended, by the task's id: those that follow one, at most so many
   * and no more than some megabytes.
   */
  public List<Result> after(TaskFilter filter, long id, int limit) {
    long most = MAX_PAGE_BYTES / limit;
    return database.read(
        handle -> {
          List<Row> rows = rows(handle, filter, id, limit, most);
          int count = 0;
          long bytes = 0;
          boolean whole = true;
          for (Row row : rows) {
            bytes += row.bytes();
            if (count > 0 && bytes > MAX_PAGE_BYTES) {
              break;
            }
            count++;
            whole &= row.bytes() <= most;
          }
          // Most answers are short: then one look at them is enough.
          return (whole ? rows : rows(handle, filter, id, count, MAX_PAGE_BYTES))
              .stream().limit(count).map(Row::result).toList();
        });
  }

  /**
   * Reads at most so many.
   *
   * @param longest body, in bytes, that is not left out
   */
  private static List<Row> rows(
      Handle handle, TaskFilter filter, long id, int limit, long longest) {
    return filter
        .bind(
            handle.createQuery(
                "select t.name, r.task_id, r.run, r.succeeded, r.worker, r.attempts,"
                    + " r.duration_millis, r.message_id, r.in_s3, r.bytes,"
                    + " case when r.bytes <= :longest then r.body else '' end as body,"
                    + " r.error_type, r.error_message, r.copies, r.received_at"
                    + JOIN
                    + " and r.run = t.ended_run where t.id > :id"
                    // PostgreSQL does not conclude it, and would read the results from the first.
                    + " and r.task_id > :id"
                    + filter.sql()
                    + " order by "
                    + filter.order("asc")
                    + " limit :limit"))
        .bind("id", id)
        .bind("longest", longest)
        .bind("limit", limit)
        .map((row, _) -> new Row(result(row), row.getLong("bytes")))
        .list();
  }

  private static Result result(ResultSet row) throws SQLException {
    String text = row.getString("error_message");
    return new Result(
        row.getLong("task_id"),
        row.getInt("run"),
        row.getString("name"),
        row.getBoolean("succeeded"),
        row.getString("worker"),
        row.getInt("attempts"),
        row.getLong("duration_millis"),
        row.getString("message_id"),
        row.getBoolean("in_s3"),
        row.getString("body"),
        row.getString("error_type"),
        text == null ? "" : text,
        row.getInt("copies"),
        Rows.instant(row, "received_at"));
  }

  /**
   * The newest answers to a task.
   *
   * @param results by run
   * @param leftOut how many older ones there are, which are too many or too long to be read at once
   */
  public record Newest(List<Result> results, int leftOut) {}

  /** What came of a task at last: at most so many, and no more than some megabytes. */
  public Newest newest(long task) {
    return database.read(
        handle -> {
          List<long[]> runs =
              handle
                  .createQuery(
                      "select run, bytes from result where task_id = :id order by run desc")
                  .bind("id", task)
                  .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
                  .list();
          int count = 0;
          long bytes = 0;
          for (long[] run : runs) {
            bytes += run[1];
            if (count == MAX_OF_TASK || (count > 0 && bytes > MAX_PAGE_BYTES)) {
              break;
            }
            count++;
          }
          long first = count == 0 ? 0 : runs.get(count - 1)[0];
          List<Result> results =
              handle
                  .createQuery(COLUMNS + " where t.id = :id and r.run >= :first order by r.run")
                  .bind("id", task)
                  .bind("first", first)
                  .map((row, _) -> result(row))
                  .list();
          return new Newest(results, runs.size() - count);
        });
  }

  /** What came of a run of a task, if anything did. */
  public Optional<Result> of(long task, int run) {
    return database.read(
        handle ->
            handle
                .createQuery(COLUMNS + " where t.id = :id and r.run = :run")
                .bind("id", task)
                .bind("run", run)
                .map((row, _) -> result(row))
                .findOne());
  }

  /**
   * What was measured of the newest results.
   *
   * @param count of them, at most a thousand
   * @param since when they began to be given; null if there is none
   */
  public record Measured(int count, @Nullable Instant since, double meanMillis) {}

  /**
   * Measures the last thousand answers, those of them that were given after a moment.
   *
   * @param now what came later was noted before the clock was set back
   */
  public Measured measure(Instant since, Instant now) {
    List<Given> given = database.read(handle -> Given.since(handle, since, now, MAX_MEASURED));
    return new Measured(
        given.size(),
        Given.begin(given, now),
        given.stream().mapToLong(Given::millis).average().orElse(0));
  }

  /**
   * Something that came in and belongs to no task.
   *
   * @param errorType null for a result
   */
  public record StrayRow(
      long id,
      String queue,
      String jobId,
      String worker,
      String why,
      boolean inS3,
      @Nullable String errorType,
      String errorMessage,
      Instant receivedAt) {}

  /** The newest before an id, at most so many. */
  public List<StrayRow> strays(long id, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select id, queue, job_id, worker, why, in_s3, error_type, error_message,"
                        + " received_at from stray where id < :id order by id desc limit :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map((row, _) -> stray(row))
                .list());
  }

  private static StrayRow stray(ResultSet row) throws SQLException {
    String text = row.getString("error_message");
    return new StrayRow(
        row.getLong("id"),
        row.getString("queue"),
        row.getString("job_id"),
        row.getString("worker"),
        row.getString("why"),
        row.getBoolean("in_s3"),
        row.getString("error_type"),
        text == null ? "" : text,
        Rows.instant(row, "received_at"));
  }

  /**
   * The text of a result or a dead letter.
   *
   * @param inS3 true if it is a pointer to a payload
   */
  public record Body(String text, boolean inS3) {}

  /** The text of what belongs to no task. */
  public Optional<Body> strayBody(long id) {
    return database.read(
        handle ->
            handle
                .createQuery("select body, in_s3 from stray where id = :id")
                .bind("id", id)
                .map((row, _) -> new Body(row.getString("body"), row.getBoolean("in_s3")))
                .findOne());
  }
}
