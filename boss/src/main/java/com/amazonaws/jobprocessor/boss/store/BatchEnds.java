package com.amazonaws.jobprocessor.boss.store;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;

/**
 * Notes when a batch is done and when too many of its tasks have failed, each once, whoever looks
 * at it; a batch that goes on, because some of its tasks are run again, may be done once more.
 */
public final class BatchEnds {
  /** So many tasks must have ended before their failures mean something, unless all have. */
  static final long ENOUGH = 20;

  private static final String DONE = "done_at";
  private static final String FAILURES = "failures_at";

  private final Database database;
  private final Census census;
  private final Hooks hooks;
  private final InstantSource clock;
  private final double maxFailures;

  /**
   * Looks after the batches of a database.
   *
   * @param maxFailures in percent of a batch's ended tasks
   */
  public BatchEnds(
      Database database, Census census, Hooks hooks, InstantSource clock, double maxFailures) {
    this.database = database;
    this.census = census;
    this.hooks = hooks;
    this.clock = clock;
    this.maxFailures = maxFailures;
  }

  private record Batch(long id, String name, boolean done, boolean failing) {}

  /** Looks once; counts all tasks only while something may have changed. */
  public void step() {
    if (isQuiet()) {
      return;
    }
    Census.Counts counts = census.counts();
    for (Batch batch : batches(counts)) {
      Map<String, Long> states = counts.of(batch.id());
      long open = open(states);
      // First, since nobody looks at a batch again that is done.
      if (!batch.failing() && failsTooOften(states)) {
        tellOfFailures(batch);
      }
      if (batch.done() != (open == 0)) {
        turn(batch, open == 0);
      }
    }
  }

  private boolean isQuiet() {
    return database.read(
        handle ->
            !OpenTasks.any(handle)
                && handle
                    .createQuery("select 1 from batch where done_at is null limit 1")
                    .mapTo(Integer.class)
                    .findOne()
                    .isEmpty());
  }

  /** Those that are not done, and those that were and have open tasks. */
  private List<Batch> batches(Census.Counts counts) {
    List<Long> open =
        counts.byBatch().entrySet().stream()
            .filter(one -> open(one.getValue()) > 0)
            .map(Map.Entry::getKey)
            .toList();
    return new ArrayList<>(
        database.read(
            handle ->
                handle
                    .createQuery(
                        "select id, name, done_at, failures_at from batch"
                            + " where done_at is null or id = any(:open) order by id")
                    .bindArray("open", Long.class, open)
                    .map(
                        (row, _) ->
                            new Batch(
                                row.getLong("id"),
                                row.getString("name"),
                                Rows.instantOrNull(row, DONE) != null,
                                Rows.instantOrNull(row, FAILURES) != null))
                    .list()));
  }

  private static long open(Map<String, Long> states) {
    return states.getOrDefault("waiting", 0L)
        + states.getOrDefault("sending", 0L)
        + states.getOrDefault("dispatched", 0L);
  }

  private boolean failsTooOften(Map<String, Long> states) {
    long failed = states.getOrDefault("failed", 0L);
    long ended = failed + states.getOrDefault("succeeded", 0L);
    boolean enough = ended >= ENOUGH || open(states) == 0;
    return enough && failed * 100.0 > maxFailures * ended;
  }

  /** The counts may be some seconds old: what they suggest is asked again under a lock. */
  private void turn(Batch batch, boolean done) {
    database.inTransaction(
        handle -> {
          if (lock(handle, batch.id(), DONE) != !done) {
            return null;
          }
          Map<String, Long> states = count(handle, batch.id());
          if ((open(states) == 0) != done || states.isEmpty()) {
            return null;
          }
          String set = done ? "done_at = :now" : "done_at = null";
          if (!done && !failsTooOften(states)) {
            // Else it has been told of already.
            set += ", failures_at = null";
          }
          handle
              .createUpdate("update batch set " + set + " where id = :id")
              .bindMap(done ? Map.of("now", clock.instant()) : Map.of())
              .bind("id", batch.id())
              .execute();
          if (done) {
            hooks.announce(handle, "batch.done", data(batch, states));
          }
          return null;
        });
  }

  private void tellOfFailures(Batch batch) {
    database.inTransaction(
        handle -> {
          if (lock(handle, batch.id(), FAILURES)) {
            return null;
          }
          Map<String, Long> states = count(handle, batch.id());
          if (!failsTooOften(states)) {
            return null;
          }
          handle
              .createUpdate("update batch set failures_at = :now where id = :id")
              .bind("now", clock.instant())
              .bind("id", batch.id())
              .execute();
          hooks.announce(handle, "batch.failures", data(batch, states));
          return null;
        });
  }

  /** True if the column has a time. */
  private static boolean lock(Handle handle, long batch, String column) {
    return handle
        .createQuery(
            "select case when "
                + column
                + " is null then 0 else 1 end from batch"
                + " where id = :id for update")
        .bind("id", batch)
        .mapTo(Integer.class)
        .findOne()
        .map(set -> set == 1)
        .orElse(true);
  }

  private static Map<String, Long> count(Handle handle, long batch) {
    Map<String, Long> states = new LinkedHashMap<>();
    handle
        .createQuery("select state, count(*) from task where batch_id = :id group by state")
        .bind("id", batch)
        .map((row, _) -> states.put(row.getString(1), row.getLong(2)) == null)
        .list();
    return states;
  }

  private static Map<String, Object> data(Batch batch, Map<String, Long> states) {
    Map<String, Object> data = new LinkedHashMap<>();
    data.put("batch", Long.toString(batch.id()));
    data.put("name", batch.name());
    data.put("tasks", new LinkedHashMap<String, Object>(states));
    return data;
  }
}
