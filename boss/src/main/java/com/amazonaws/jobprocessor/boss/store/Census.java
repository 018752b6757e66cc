package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the tasks by batch and state: all of them, so it does so at most every five seconds. */
public final class Census {
  private static final Duration MAX_AGE = Duration.ofSeconds(5);

  private final Database database;
  private final InstantSource clock;
  private @Nullable Counts counts;

  /** Counts the tasks of a database. */
  public Census(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * How many tasks there are.
   *
   * @param at the moment at which they were counted
   * @param byBatch by batch and state; a state that no task has is missing
   */
  public record Counts(Instant at, Map<Long, Map<String, Long>> byBatch) {
    /** By state, over all batches. */
    public Map<String, Long> total() {
      Map<String, Long> total = new LinkedHashMap<>();
      for (TaskState state : TaskState.values()) {
        total.put(state.text(), 0L);
      }
      byBatch.values().forEach(one -> one.forEach((state, n) -> total.merge(state, n, Long::sum)));
      return total;
    }

    /** Of one batch, by state. */
    public Map<String, Long> of(long batch) {
      return byBatch.getOrDefault(batch, Map.of());
    }
  }

  /** The last count, or a new one if that is old. */
  public synchronized Counts counts() {
    Instant now = clock.instant();
    Counts last = counts;
    if (last == null || last.at().plus(MAX_AGE).isBefore(now) || last.at().isAfter(now)) {
      last = count(now);
      counts = last;
    }
    return last;
  }

  private Counts count(Instant now) {
    Map<Long, Map<String, Long>> byBatch = new LinkedHashMap<>();
    database.read(
        handle ->
            handle
                .createQuery("select batch_id, state, count(*) from task group by batch_id, state")
                .map(
                    (row, _) ->
                        byBatch
                            .computeIfAbsent(row.getLong(1), _ -> new LinkedHashMap<>())
                            .put(row.getString(2), row.getLong(3)))
                .list());
    return new Counts(now, byBatch);
  }

  /** A batch as it was made. */
  public record Batch(long id, String name, long tasks, String createdBy, Instant createdAt) {}

  /** The newest before an id, at most so many. */
  public List<Batch> batches(long id, int limit) {
    return new ArrayList<>(
        database.read(
            handle ->
                handle
                    .createQuery("select * from batch where id < :id order by id desc limit :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map(
                        (row, _) ->
                            new Batch(
                                row.getLong("id"),
                                row.getString("name"),
                                row.getLong("tasks"),
                                row.getString("created_by"),
                                Rows.instant(row, "created_at")))
                    .list()));
  }
}
