package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** What the planner has said, kept to be held against what came. */
public final class Forecasts {
  /** Whoever has a newer one makes none. */
  static final Duration EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final InstantSource clock;

  /** The forecasts of a database. */
  public Forecasts(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /**
   * A forecast.
   *
   * @param closes when the hours are over; null if they are not about to be
   * @param boxes that were there
   * @param perSecond what they did
   * @param doneAt when nothing is open any more; null if nobody knew
   * @param left open tasks when the hours are over; null if nobody knew
   * @param needed boxes; null if nobody knew
   * @param dollars of those, a decimal number; null if nobody knew
   */
  public record Forecast(
      @Nullable Instant closes,
      long open,
      double meanSeconds,
      int boxes,
      double perSecond,
      @Nullable Instant doneAt,
      @Nullable Long left,
      @Nullable Integer needed,
      @Nullable String dollars) {}

  /**
   * A forecast and what came.
   *
   * @param settledAt when that was known; null before
   * @param actualDoneAt when nothing was open any more; null if the hours were over before
   * @param actualLeft tasks that no worker was given when the hours were over; null if none were
   */
  public record Kept(
      long id,
      Instant madeAt,
      Forecast forecast,
      @Nullable Instant settledAt,
      @Nullable Instant actualDoneAt,
      @Nullable Long actualLeft) {}

  /** Keeps a forecast, unless one was made within the last minute; false if so. */
  public boolean keep(Forecast forecast) {
    return database.inTransaction(
        handle -> {
          Instant now = clock.instant();
          if (!Nights.lock(handle) || isRecent(handle, now)) {
            return false;
          }
          insert(handle, forecast, now);
          return true;
        });
  }

  /** True if the last one is more than a minute old. */
  public boolean isDue() {
    Instant now = clock.instant();
    return database.read(handle -> !isRecent(handle, now));
  }

  private static boolean isRecent(Handle handle, Instant now) {
    return handle
        .createQuery("select 1 from forecast where made_at > :since and made_at < :soon limit 1")
        .bind("since", now.minus(EVERY))
        .bind("soon", now.plus(EVERY))
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static void insert(Handle handle, Forecast forecast, Instant now) {
    handle
        .createUpdate(
            "insert into forecast (made_at, closes_at, open_tasks, mean_seconds, boxes, per_second,"
                + " done_at, left_at_end, boxes_needed, dollars) values (:now, :closes, :open,"
                + " :mean, :boxes, :rate, :done, :left, :needed, :dollars)")
        .bind("now", now)
        .bind("closes", forecast.closes())
        .bind("open", forecast.open())
        .bind("mean", forecast.meanSeconds())
        .bind("boxes", forecast.boxes())
        .bind("rate", forecast.perSecond())
        .bind("done", forecast.doneAt())
        .bind("left", forecast.left())
        .bind("needed", forecast.needed())
        .bind("dollars", forecast.dollars())
        .execute();
  }

  static void settleDone(Handle handle, Instant now) {
    handle
        .createUpdate(
            "update forecast set settled_at = :now, actual_done_at = :now"
                + " where settled_at is null")
        .bind("now", now)
        .execute();
  }

  static void settleLeft(Handle handle, Instant now, long left) {
    handle
        .createUpdate(
            "update forecast set settled_at = :now, actual_left = :left where settled_at is null")
        .bind("now", now)
        .bind("left", left)
        .execute();
  }

  /** The newest before an id, at most so many. */
  public List<Kept> before(long id, int limit) {
    return new ArrayList<>(
        database.read(
            handle ->
                handle
                    .createQuery(
                        "select * from forecast where id < :id order by id desc limit :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map(
                        (row, _) ->
                            new Kept(
                                row.getLong("id"),
                                Rows.instant(row, "made_at"),
                                new Forecast(
                                    Rows.instantOrNull(row, "closes_at"),
                                    row.getLong("open_tasks"),
                                    row.getDouble("mean_seconds"),
                                    row.getInt("boxes"),
                                    row.getDouble("per_second"),
                                    Rows.instantOrNull(row, "done_at"),
                                    Rows.longOrNull(row, "left_at_end"),
                                    Rows.intOrNull(row, "boxes_needed"),
                                    row.getString("dollars")),
                                Rows.instantOrNull(row, "settled_at"),
                                Rows.instantOrNull(row, "actual_done_at"),
                                Rows.longOrNull(row, "actual_left")))
                    .list()));
  }
}
