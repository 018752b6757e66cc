package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** The failed tasks by their errors, with the newest of each for an example. */
public final class Failures {
  /** Groups that are told, those with most tasks first. */
  public static final int MAX_GROUPS = 100;

  private static final int MAX_TEXT = 200;
  private static final Duration MAX_AGE = Duration.ofSeconds(5);

  private final Database database;
  private final InstantSource clock;
  private @Nullable Report last;

  /** The failed tasks of a database. */
  public Failures(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * Tasks that have failed of one error.
   *
   * @param example the newest of them
   * @param message of the example, at most 200 characters; empty if it has none
   */
  public record Group(String error, long tasks, Task example, String message) {}

  /**
   * All groups.
   *
   * @param at when they were counted
   * @param total failed tasks, those beyond {@link #MAX_GROUPS} included
   */
  public record Report(Instant at, long total, List<Group> groups) {}

  /** The groups, at most five seconds old. */
  public synchronized Report report() {
    Instant now = clock.instant();
    Report known = last;
    if (known == null || known.at().isAfter(now) || known.at().plus(MAX_AGE).isBefore(now)) {
      known = database.read(handle -> read(handle, now));
      last = known;
    }
    return known;
  }

  private record Count(String error, long tasks, long newest) {}

  private static Report read(Handle handle, Instant now) {
    List<Count> counts =
        new ArrayList<>(
            handle
                .createQuery(
                    "select error_type, count(*), max(id) from task where state = 'failed'"
                        + " and error_type is not null group by error_type")
                .map((row, _) -> new Count(row.getString(1), row.getLong(2), row.getLong(3)))
                .list());
    counts.sort((a, b) -> Long.compare(b.tasks(), a.tasks()));
    long total = counts.stream().mapToLong(Count::tasks).sum();
    List<Group> groups = new ArrayList<>();
    for (Count count : counts.subList(0, Math.min(counts.size(), MAX_GROUPS))) {
      group(handle, count, groups);
    }
    return new Report(now, total, groups);
  }

  private static void group(Handle handle, Count count, List<Group> groups) {
    handle
        .createQuery(
            "select t.*, r.error_message from task t left join result r"
                + " on r.task_id = t.id and r.run = t.ended_run where t.id = :id")
        .bind("id", count.newest())
        .map(
            (row, _) -> {
              String message = row.getString("error_message");
              return new Group(
                  count.error(),
                  count.tasks(),
                  Tasks.task(row),
                  Rows.cut(message == null ? "" : message, MAX_TEXT));
            })
        .findOne()
        .ifPresent(groups::add);
  }
}
