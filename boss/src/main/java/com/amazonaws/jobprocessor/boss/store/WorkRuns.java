package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.store.WorkRun.Planned;
import com.amazonaws.jobprocessor.boss.store.WorkRun.Seen;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The runs of the work, each begun and ended by one boss, and what they were said to take. */
public final class WorkRuns {
  /** EC2 bills an instance by the second, sixty at least (EC2 on-demand pricing page). */
  private static final double MIN_SECONDS = 60;

  /** Whoever notices a run has missed no more of it. */
  private static final Duration MISSED = Duration.ofMinutes(1);

  /** What came of the run that goes on is measured no more often. */
  private static final Duration MAX_AGE = Duration.ofSeconds(10);

  private static final int MAX_WORKERS = 20_000;
  private static final String ROWS =
      "select w.*, n.box_seconds as brought, n.boxes, n.boxes_at"
          + " from work_run w left join night n on n.id = w.night_id";

  private final Database database;
  private final InstantSource clock;
  private @Nullable Measured last;

  /** The runs of a database. */
  public WorkRuns(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  private record Measured(Instant at, long run, Seen seen) {}

  private record Present(
      long id, @Nullable Long night, Instant beganAt, @Nullable Instant doneAt) {}

  /**
   * Begins a run, notes that nothing is open any more, or ends it.
   *
   * @param night the present one, if the hours have an end
   * @param open whether the hours are
   * @param any whether a task is open
   */
  static void look(Handle handle, Optional<Long> night, boolean open, boolean any, Instant now) {
    Optional<Present> present = present(handle);
    if (present.isPresent() && isOver(present.get(), night, open, any)) {
      end(handle, present.get(), any, now);
      present = Optional.empty();
    }
    if (present.isPresent()) {
      goOn(handle, present.get(), night, any, now);
    } else if (open && any) {
      begin(handle, night, now);
    }
  }

  private static Optional<Present> present(Handle handle) {
    return handle
        .createQuery("select id, night_id, began_at, done_at from work_run where ended_at is null")
        .map(
            (row, _) ->
                new Present(
                    row.getLong("id"),
                    Rows.longOrNull(row, "night_id"),
                    Rows.instant(row, "began_at"),
                    Rows.instantOrNull(row, "done_at")))
        .findFirst();
  }

  private static boolean isOver(Present run, Optional<Long> night, boolean open, boolean any) {
    if (!open) {
      return true;
    }
    Long its = run.night();
    return its == null ? night.isEmpty() && !any : !night.equals(Optional.of(its));
  }

  private static void goOn(
      Handle handle, Present run, Optional<Long> night, boolean any, Instant now) {
    boolean noted = run.doneAt() != null;
    if (any == noted || (run.night() == null && night.isPresent())) {
      handle
          .createUpdate("update work_run set done_at = :done, night_id = :night where id = :id")
          .bind("done", any ? null : noted ? run.doneAt() : now)
          .bind("night", night.orElse(null))
          .bind("id", run.id())
          .execute();
    }
  }

  private static void begin(Handle handle, Optional<Long> night, Instant now) {
    // It began with the first task that went out, a moment before this was noticed.
    Instant before =
        handle
            .createQuery("select max(ended_at) as ended from work_run")
            .map((row, _) -> Optional.ofNullable(Rows.instantOrNull(row, "ended")))
            .one()
            .filter(ended -> ended.isAfter(now.minus(MISSED)) && !ended.isAfter(now))
            .orElse(now.minus(MISSED));
    Instant began =
        handle
            .createQuery(
                "select min(planned_at) as began from run"
                    + " where planned_at > :before and planned_at <= :now")
            .bind("before", before)
            .bind("now", now)
            .map((row, _) -> Optional.ofNullable(Rows.instantOrNull(row, "began")))
            .one()
            .orElse(now);
    long ended =
        handle
            .createQuery("select count(*) from result where received_at >= :began")
            .bind("began", began)
            .mapTo(Long.class)
            .one();
    handle
        .createUpdate(
            "insert into work_run (night_id, began_at, open_at_start)"
                + " values (:night, :began, :open)")
        .bind("night", night.orElse(null))
        .bind("began", began)
        .bind("open", OpenTasks.count(handle) + ended)
        .execute();
  }

  private static void end(Handle handle, Present run, boolean any, Instant now) {
    Seen seen = seen(handle, run.beganAt(), now);
    Instant done = run.doneAt() == null ? now : run.doneAt();
    handle
        .createUpdate(
            "update work_run set ended_at = :now, done_at = :done, left_at_end = :left,"
                + " answers = :answers, workers = :workers, mean_seconds = :mean,"
                + " box_seconds = :seconds where id = :id")
        .bind("now", now)
        .bind("done", any ? null : done)
        .bind("left", NightRows.left(handle, run.night()))
        .bind("answers", seen.answers())
        .bind("workers", seen.workers())
        .bind("mean", seen.meanSeconds())
        .bind("seconds", seen.boxSeconds())
        .bind("id", run.id())
        .execute();
  }

  private record Worker(long answers, double seconds, Instant first, Instant last) {
    /** From the begin of its first task, which took as long as its others. */
    double span() {
      double between = Duration.between(first, last).toMillis() / 1000.0;
      return Math.max(MIN_SECONDS, between + seconds / answers);
    }
  }

  private static Seen seen(Handle handle, Instant from, Instant to) {
    List<Worker> workers =
        new ArrayList<>(
            handle
                .createQuery(
                    "select worker, count(*) as answers, sum(duration_millis) as millis,"
                        + " min(received_at) as first, max(received_at) as last from result"
                        + " where received_at >= :from and received_at <= :to"
                        + " group by worker limit "
                        + MAX_WORKERS)
                .bind("from", from)
                .bind("to", to)
                .map(
                    (row, _) ->
                        new Worker(
                            row.getLong("answers"),
                            row.getDouble("millis") / 1000,
                            Rows.instant(row, "first"),
                            Rows.instant(row, "last")))
                .list());
    long answers = workers.stream().mapToLong(Worker::answers).sum();
    double seconds = workers.stream().mapToDouble(Worker::seconds).sum();
    return new Seen(
        answers,
        workers.size(),
        answers == 0 ? 0 : seconds / answers,
        workers.stream().mapToDouble(Worker::span).sum());
  }

  /** True if a run goes on of which there is no plan yet. */
  public boolean isUnplanned() {
    return database.read(
        handle ->
            handle
                .createQuery("select 1 from work_run where ended_at is null and planned_at is null")
                .mapTo(Integer.class)
                .findFirst()
                .isPresent());
  }

  /** Keeps what the first plan says of the run that goes on; does nothing if there is one. */
  public void plan(Planned planned) {
    database.inTransaction(
        handle ->
            handle
                .createUpdate(
                    "update work_run set planned_at = :at, planned_done_at = :done,"
                        + " planned_boxes = :boxes, planned_tasks = :tasks,"
                        + " planned_mean_seconds = :mean, planned_box_seconds = :seconds"
                        + " where ended_at is null and planned_at is null")
                .bind("at", planned.at())
                .bind("done", planned.doneAt())
                .bind("boxes", planned.boxes())
                .bind("tasks", planned.tasks())
                .bind("mean", planned.meanSeconds())
                .bind("seconds", planned.boxSeconds())
                .execute());
  }

  /** The newest before an id, at most so many; what came of the present one is seconds old. */
  public List<WorkRun> before(long id, int limit) {
    return database.read(
        handle ->
            new ArrayList<>(
                handle
                    .createQuery(ROWS + " where w.id < :id order by w.id desc limit :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map((row, _) -> run(handle, row))
                    .list()));
  }

  /** A run by its id. */
  public Optional<WorkRun> find(long id) {
    return before(id + 1, 1).stream().filter(run -> run.id() == id).findFirst();
  }

  private WorkRun run(Handle handle, ResultSet row) throws SQLException {
    long id = row.getLong("id");
    Instant began = Rows.instant(row, "began_at");
    Instant ended = Rows.instantOrNull(row, "ended_at");
    Seen seen =
        ended == null
            ? present(handle, id, began)
            : new Seen(
                row.getLong("answers"),
                row.getInt("workers"),
                row.getDouble("mean_seconds"),
                row.getDouble("box_seconds"));
    return new WorkRun(
        id,
        began,
        ended,
        Rows.instantOrNull(row, "done_at"),
        row.getLong("open_at_start"),
        Rows.longOrNull(row, "left_at_end"),
        planned(row),
        seen.withBoxSeconds(Math.max(seen.boxSeconds(), brought(row))));
  }

  /** Of boxes that are still up as long as until now. */
  private double brought(ResultSet row) throws SQLException {
    double seconds = row.getDouble("brought");
    Instant since = Rows.instantOrNull(row, "boxes_at");
    return since == null
        ? seconds
        : seconds + row.getInt("boxes") * Rows.seconds(since, clock.instant());
  }

  private static @Nullable Planned planned(ResultSet row) throws SQLException {
    Instant at = Rows.instantOrNull(row, "planned_at");
    return at == null
        ? null
        : new Planned(
            at,
            Objects.requireNonNull(Rows.instantOrNull(row, "planned_done_at")),
            row.getInt("planned_boxes"),
            row.getLong("planned_tasks"),
            row.getDouble("planned_mean_seconds"),
            row.getDouble("planned_box_seconds"));
  }

  private synchronized Seen present(Handle handle, long run, Instant began) {
    Instant now = clock.instant();
    Measured known = last;
    if (known == null
        || known.run() != run
        || known.at().isAfter(now)
        || known.at().plus(MAX_AGE).isBefore(now)) {
      known = new Measured(now, run, seen(handle, began, now));
      last = known;
    }
    return known.seen();
  }
}
