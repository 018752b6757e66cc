package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Counts the tasks by batch and state: all of them, so it does so no more often than it must. */
public final class Census {
  private static final Duration MAX_AGE = Duration.ofSeconds(5);
  private static final Duration OLDEST = Duration.ofSeconds(10);

  private final Database database;
  private final InstantSource clock;
  private @Nullable Counts counts;

  /** What the last count took. */
  private Duration took = Duration.ZERO;

  private final SingleFlight<Counts> soon = new SingleFlight<>(this::counts);

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

  /** The last count, or a new one if that is older than five seconds. */
  public Counts counts() {
    return counts(MAX_AGE);
  }

  /**
   * The last count, or a new one if that is older than so; where counting takes long it may be ten
   * times as old as that takes, but never older than ten seconds.
   */
  public synchronized Counts counts(Duration maxAge) {
    Instant now = clock.instant();
    Counts last = counts;
    if (last == null || last.at().plus(patience(maxAge)).isBefore(now) || last.at().isAfter(now)) {
      long began = System.nanoTime();
      last = count(now);
      took = Duration.ofNanos(System.nanoTime() - began);
      counts = last;
    }
    return last;
  }

  /**
   * The last count, or a new one if that is older than five seconds; empty if that is not there in
   * time, since a million tasks take an embedded database seconds.
   */
  public Optional<Counts> soon(Duration longest) {
    return soon.get(longest);
  }

  private Duration patience(Duration maxAge) {
    Duration cheap = took.multipliedBy(10);
    if (cheap.compareTo(maxAge) <= 0) {
      return maxAge;
    }
    return cheap.compareTo(OLDEST) < 0 ? cheap : OLDEST;
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
