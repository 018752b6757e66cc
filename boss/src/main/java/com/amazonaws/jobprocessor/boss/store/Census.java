package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Counts the tasks by batch and state: all of them, so it does so no more often than it must. Where
 * that takes long, a new count begins before the last is too old, and nobody waits for it.
 */
public final class Census {
  private static final Duration MAX_AGE = Duration.ofSeconds(5);

  /** A count that is dear is shown no longer than until it is so old. */
  static final Duration OLDEST = Duration.ofSeconds(10);

  /** What takes less is cheap: whoever wants new numbers counts. */
  static final Duration CHEAP = Duration.ofMillis(100);

  /** Whoever has asked shows what he was told for so long, until he asks again. */
  private static final Duration SHOWN = Duration.ofSeconds(2);

  /** A share of the time at most is spent on counting, unless the counts would be too old. */
  private static final int SHARE = 10;

  private final Database database;
  private final InstantSource clock;
  private final Supplier<Map<Long, Map<String, Long>>> tasks;
  private final LongSupplier nanos;
  private volatile @Nullable Known known;

  private final SingleFlight<Counts> soon = new SingleFlight<>(this::counts);
  private final SingleFlight<Counts> ahead;

  /** Counts the tasks of a database. */
  public Census(Database database, InstantSource clock) {
    this(database, clock, () -> byBatch(database), System::nanoTime, Thread::startVirtualThread);
  }

  Census(
      Database database,
      InstantSource clock,
      Supplier<Map<Long, Map<String, Long>>> tasks,
      LongSupplier nanos,
      Executor executor) {
    this.database = database;
    this.clock = clock;
    this.tasks = tasks;
    this.nanos = nanos;
    this.ahead = new SingleFlight<>(this::countAhead, executor);
  }

  /**
   * The last count.
   *
   * @param took how long the next may take, by this one and the one before
   */
  private record Known(Counts counts, Duration took) {
    boolean isCheap() {
      return took.compareTo(CHEAP) < 0;
    }

    /** How old it is when the next begins, which is there before it is too old to be shown. */
    Duration turn() {
      Duration share = took.multipliedBy(SHARE);
      Duration latest = OLDEST.minus(SHOWN).minus(took).minus(took.dividedBy(4));
      Duration turn = share.compareTo(latest) < 0 ? share : latest;
      return turn.isNegative() ? Duration.ZERO : turn;
    }

    /** Older it is not given to anybody: so old it becomes where somebody asks all the time. */
    Duration oldest(Duration wanted) {
      Duration begins = took.compareTo(turn()) > 0 ? took : turn();
      Duration oldest = begins.plus(took).plus(took.dividedBy(4)).plus(SHOWN);
      return oldest.compareTo(wanted) > 0 ? oldest : wanted;
    }
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
   * The last count, or a new one if that is older than so. Where counting takes long the last may
   * be older, up to ten seconds, or twice what one count takes: a new one is begun in time.
   */
  public Counts counts(Duration maxAge) {
    Instant asked = clock.instant();
    Known last = known;
    if (last == null || !isGood(last, asked, maxAge)) {
      return count(asked, maxAge);
    }
    if (!last.isCheap() && !last.counts().at().plus(last.turn()).isAfter(asked)) {
      ahead.get(Duration.ZERO);
    }
    return last.counts();
  }

  /** True if it may be told to whoever has asked then. */
  private boolean isGood(Known last, Instant asked, Duration maxAge) {
    Duration age = last.isCheap() ? maxAge : last.oldest(maxAge);
    Instant at = last.counts().at();
    return !at.plus(age).isBefore(asked) && !at.isAfter(clock.instant());
  }

  /** Counts, unless somebody has since this was asked for. */
  private synchronized Counts count(Instant asked, Duration maxAge) {
    Known last = known;
    return last != null && isGood(last, asked, maxAge) ? last.counts() : count(last);
  }

  private synchronized Counts countAhead() {
    Known last = known;
    return last != null && last.counts().at().plus(last.turn()).isAfter(clock.instant())
        ? last.counts()
        : count(last);
  }

  private Counts count(@Nullable Known last) {
    Instant now = clock.instant();
    long began = nanos.getAsLong();
    Counts counts = new Counts(now, tasks.get());
    Duration took = Duration.ofNanos(nanos.getAsLong() - began);
    // One that was quick by luck, or was slow while nothing was warm, does not stand for all.
    Duration before = last == null ? Duration.ZERO : last.took().dividedBy(2);
    known = new Known(counts, took.compareTo(before) > 0 ? took : before);
    return counts;
  }

  /** The same as {@link #counts()}; empty if that is not there in time. */
  public Optional<Counts> soon(Duration longest) {
    return soon.get(longest);
  }

  private static Map<Long, Map<String, Long>> byBatch(Database database) {
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
    return byBatch;
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
