package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;

/**
 * How many tasks ended in each of the last minutes. Minutes that are over are counted once and
 * remembered, so that asking again costs the newest ones only. Safe for use by several threads.
 */
public final class Throughput {
  /** The minutes that are looked back: half a day. */
  public static final int MAX_MINUTES = 720;

  /** Minutes that may still change: what comes in is noted by each boss's own clock. */
  private static final int OPEN_MINUTES = 3;

  /** Minutes that are counted at a time: the first page does not wait for the whole night. */
  private static final int CHUNK = 60;

  private final Database database;
  private final InstantSource clock;
  private final TreeMap<Long, Minute> minutes = new TreeMap<>();

  /** Of the tasks of a database. */
  public Throughput(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** What ended in a minute, which begins at the instant. */
  public record Minute(Instant start, long succeeded, long failed) {
    /** All. */
    public long ended() {
      return succeeded + failed;
    }
  }

  /**
   * The last minutes, oldest first, the running one last: those known, which become more each time
   * this is asked, up to {@link #MAX_MINUTES}.
   */
  public synchronized List<Minute> minutes() {
    long now = clock.instant().getEpochSecond() / 60;
    minutes.tailMap(now + 1).clear(); // the clock was set back
    minutes.headMap(now - MAX_MINUTES + 1).clear();
    long known = minutes.isEmpty() ? now + 1 : minutes.lastKey();
    long from = Math.min(known, now) - OPEN_MINUTES;
    if (minutes.isEmpty() || from < now - CHUNK) {
      minutes.clear();
      from = now - CHUNK + 1;
    }
    count(from, now + 1);
    long oldest = minutes.firstKey();
    long wanted = Math.max(now - MAX_MINUTES + 1, oldest - CHUNK);
    if (wanted < oldest) {
      count(wanted, oldest);
    }
    return new ArrayList<>(minutes.values());
  }

  /** Counts the minutes from one to before another. */
  private void count(long from, long to) {
    for (long minute = from; minute < to; minute++) {
      minutes.put(minute, new Minute(start(minute), 0, 0));
    }
    database.read(
        handle -> {
          count(handle, TaskState.SUCCEEDED, from, to);
          count(handle, TaskState.FAILED, from, to);
          return null;
        });
  }

  private void count(Handle handle, TaskState state, long from, long to) {
    String minute = "cast(floor(extract(epoch from changed_at) / 60) as bigint)";
    handle
        .createQuery(
            "select "
                + minute
                + ", count(*) from task where state = :state and changed_at >= :from"
                + " and changed_at < :to group by "
                + minute)
        .bind("state", state.text())
        .bind("from", start(from))
        .bind("to", start(to))
        .map((row, _) -> new long[] {row.getLong(1), row.getLong(2)})
        .list()
        .forEach(
            counted ->
                minutes.computeIfPresent(
                    counted[0], (_, before) -> with(before, state, counted[1])));
  }

  private static Minute with(Minute before, TaskState state, long count) {
    return state == TaskState.SUCCEEDED
        ? new Minute(before.start(), count, before.failed())
        : new Minute(before.start(), before.succeeded(), count);
  }

  private static Instant start(long minute) {
    return Instant.ofEpochSecond(minute * 60).truncatedTo(ChronoUnit.MINUTES);
  }

  /**
   * How many tasks end in a second, by the last five minutes or what there is of them since the
   * first that ended; zero if none did.
   */
  public static double perSecond(List<Minute> minutes, Instant now) {
    Instant since = now.minus(Duration.ofMinutes(5));
    Instant first = null;
    long ended = 0;
    for (Minute minute : minutes) {
      if (minute.start().plusSeconds(60).isAfter(since) && minute.ended() > 0) {
        first = first == null ? minute.start() : first;
        ended += minute.ended();
      }
    }
    if (first == null) {
      return 0;
    }
    return ended / Math.max(10.0, Duration.between(first, now).toMillis() / 1_000.0);
  }
}
