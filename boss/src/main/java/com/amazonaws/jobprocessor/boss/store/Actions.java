package com.amazonaws.jobprocessor.boss.store;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** The log of who did what, written in the transaction that did it. */
public final class Actions {
  private static final int MAX_DETAIL = 4096;

  private final Database database;
  private final InstantSource clock;

  /** The log. */
  public Actions(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Something that somebody did. */
  public record Action(long id, Instant at, String who, String what, String detail) {}

  void log(Handle handle, String who, String what, String detail) {
    handle
        .createUpdate(
            "insert into action (at, who, what, detail) values (:at, :who, :what, :detail)")
        .bind("at", clock.instant())
        .bind("who", who)
        .bind("what", what)
        .bind("detail", Rows.cut(detail, MAX_DETAIL))
        .execute();
  }

  /** The newest before an id, at most so many. */
  public List<Action> before(long id, int limit) {
    return database.read(
        handle ->
            handle
                .createQuery("select * from action where id < :id order by id desc limit :limit")
                .bind("id", id)
                .bind("limit", limit)
                .map(
                    (row, _) ->
                        new Action(
                            row.getLong("id"),
                            Rows.instant(row, "at"),
                            row.getString("who"),
                            row.getString("what"),
                            row.getString("detail")))
                .list());
  }
}
