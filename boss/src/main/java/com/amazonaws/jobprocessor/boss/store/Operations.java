package com.amazonaws.jobprocessor.boss.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is done to all tasks that match a filter, as they stood at a moment: what came or changed
 * since is not touched. One operation at a time works, after the time in which it can be undone.
 */
public final class Operations {
  /** For so long an operation can be undone before it begins, if nobody says otherwise. */
  public static final Duration UNDO = Duration.ofSeconds(10);

  /** The longest that it can be put off. */
  public static final Duration MAX_DELAY = Duration.ofDays(1);

  /** Tasks that could not be changed which are kept with the reason; the others are counted. */
  public static final int MAX_FAILURES = 100;

  /** What is done to each. */
  public enum Kind {
    RETRY,
    CANCEL;

    /** As it is stored and written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The kind of a text, if it is one. */
    public static Optional<Kind> of(String text) {
      return java.util.stream.Stream.of(values())
          .filter(kind -> kind.text().equals(text))
          .findFirst();
    }

    /** The states that tasks must have for it. */
    public List<TaskState> states() {
      return this == RETRY
          ? List.of(TaskState.FAILED, TaskState.UNANSWERED, TaskState.CANCELLED)
          : List.of(TaskState.WAITING, TaskState.UNANSWERED);
    }
  }

  /**
   * A moment of the tasks: those that came or changed later are not meant.
   *
   * @param task the last id
   * @param at the time
   */
  public record Cutoff(long task, Instant at) {}

  /**
   * What an operation would do.
   *
   * @param states how many match, by their states
   */
  public record Preview(Cutoff cutoff, Map<TaskState, Long> states) {
    /** How many match. */
    public long matching() {
      return states.values().stream().mapToLong(Long::longValue).sum();
    }

    /** How many of them are in a state for it. */
    public long able(Kind kind) {
      return kind.states().stream().mapToLong(state -> states.getOrDefault(state, 0L)).sum();
    }
  }

  /**
   * An operation that is asked for.
   *
   * @param cutoff null for now
   * @param delay from zero to {@link #MAX_DELAY}, until it begins
   */
  public record Wanted(
      Kind kind, TaskFilter filter, @Nullable Cutoff cutoff, String reason, Duration delay) {}

  /**
   * An operation.
   *
   * @param filter as it was asked for
   * @param cutoff what is meant
   * @param state {@code scheduled}, {@code running}, {@code done}, {@code stopped} or {@code
   *     undone}
   * @param startsAt until then it can be undone
   * @param matching how many tasks matched when it was asked for
   */
  public record Operation(
      long id,
      String kind,
      String filter,
      Cutoff cutoff,
      String reason,
      String state,
      Instant startsAt,
      long matching,
      Progress progress,
      String createdBy,
      Instant createdAt,
      Instant changedAt) {
    /** True if nothing more will happen. */
    public boolean isOver() {
      return !state.equals("scheduled") && !state.equals("running");
    }
  }

  /**
   * How far an operation is.
   *
   * @param done tasks that it has changed
   * @param skipped matched and were in no state for it when their turn came
   * @param failed the database would not have it
   * @param failure the last of those, in one line
   */
  public record Progress(long done, long skipped, long failed, @Nullable String failure) {}

  /** A task that the database would not change, and why, in one line. */
  public record Failure(long task, String problem) {}

  private final Database database;
  private final Actions actions;
  private final InstantSource clock;
  private final OperationStep step;

  /** The operations of a database. */
  public Operations(Database database, Tasks tasks, Actions actions, InstantSource clock) {
    this.database = database;
    this.actions = actions;
    this.clock = clock;
    this.step = new OperationStep(database, tasks, clock);
  }

  /** Counts what matches, now or as it stood at a moment. */
  public Preview preview(TaskFilter filter, @Nullable Cutoff cutoff) {
    return database.read(handle -> Previews.of(handle, filter, cutoff, clock.instant()));
  }

  /** Asks for an operation. */
  public Operation create(String who, Wanted wanted) {
    return database.inTransaction(handle -> create(handle, who, wanted));
  }

  /**
   * Asks for an operation, once for a key: whoever asks again gets the same one.
   *
   * @throws Tasks.KeyReused if the key was used for another request
   */
  public Operation create(String who, Wanted wanted, Tasks.Once once) throws Tasks.KeyReused {
    return database.inTransaction(
        handle -> {
          Optional<String> before = Requests.begin(handle, who, once, clock.instant());
          if (before.isPresent()) {
            return find(handle, Long.parseLong(before.get())).orElseThrow();
          }
          Operation made = create(handle, who, wanted);
          Requests.end(handle, who, once, Long.toString(made.id()));
          return made;
        });
  }

  private Operation create(Handle handle, String who, Wanted wanted) {
    Instant now = clock.instant();
    Preview preview = Previews.of(handle, wanted.filter(), wanted.cutoff(), now);
    long id =
        handle
            .createUpdate(
                "insert into operation (kind, filter, cutoff_id, cutoff_at, reason, state,"
                    + " starts_at, matching, last_id, done, skipped, created_by, created_at,"
                    + " changed_at) values (:kind, :filter, :cutoff_id, :cutoff_at, :reason,"
                    + " 'scheduled', :start, :matching, 0, 0, 0, :who, :now, :now)")
            .bind("kind", wanted.kind().text())
            .bind("filter", FilterText.write(wanted.filter()))
            .bind("cutoff_id", preview.cutoff().task())
            .bind("cutoff_at", preview.cutoff().at())
            .bind("reason", wanted.reason())
            .bind("start", now.plus(wanted.delay()))
            .bind("matching", preview.matching())
            .bind("who", who)
            .bind("now", now)
            .executeAndReturnGeneratedKeys("id")
            .mapTo(Long.class)
            .one();
    actions.log(
        handle,
        who,
        "operation." + wanted.kind().text(),
        id + ": " + preview.matching() + ", " + wanted.reason());
    return find(handle, id).orElseThrow();
  }

  /** An operation by its id. */
  public Optional<Operation> find(long id) {
    return database.read(handle -> find(handle, id));
  }

  static Optional<Operation> find(Handle handle, long id) {
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

  /** The tasks that an operation could not change, the first {@link #MAX_FAILURES}. */
  public List<Failure> failures(long id) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select task_id, problem from operation_failure where operation_id = :id"
                        + " order by task_id")
                .bind("id", id)
                .map((row, _) -> new Failure(row.getLong("task_id"), row.getString("problem")))
                .list());
  }

  private static Operation operation(ResultSet row) throws SQLException {
    return new Operation(
        row.getLong("id"),
        row.getString("kind"),
        row.getString("filter"),
        new Cutoff(row.getLong("cutoff_id"), Rows.instant(row, "cutoff_at")),
        row.getString("reason"),
        row.getString("state"),
        Rows.instant(row, "starts_at"),
        row.getLong("matching"),
        new Progress(
            row.getLong("done"),
            row.getLong("skipped"),
            row.getLong("failed"),
            row.getString("failure")),
        row.getString("created_by"),
        Rows.instant(row, "created_at"),
        Rows.instant(row, "changed_at"));
  }

  /** Takes an operation back that has not begun; false if it has, and nothing was done. */
  public boolean undo(String who, long id) {
    return end(who, id, "scheduled", "undone", "operation.undo");
  }

  /** Stops an operation between two chunks; false if it does not run. */
  public boolean stop(String who, long id) {
    return end(who, id, "running", "stopped", "operation.stop");
  }

  private boolean end(String who, long id, String from, String to, String what) {
    return database.inTransaction(
        handle -> {
          boolean ended =
              handle
                      .createUpdate(
                          "update operation set state = :to, changed_at = :now"
                              + " where id = :id and state = :from")
                      .bind("id", id)
                      .bind("from", from)
                      .bind("to", to)
                      .bind("now", clock.instant())
                      .execute()
                  > 0;
          if (ended) {
            actions.log(handle, who, what, String.valueOf(id));
          }
          return ended;
        });
  }

  /** Does the next chunk of the oldest whose time has come; false if there is none to do. */
  public boolean step() {
    return step.take();
  }
}
