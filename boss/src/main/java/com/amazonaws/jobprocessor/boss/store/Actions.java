package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.jdbi.v3.core.Handle;

/** The log of who did what, written in the transaction that did it. */
public final class Actions {
  /** As many of a kind of refusal as are noted at once; after that there is one a minute. */
  public static final int REFUSALS_AT_ONCE = 60;

  private static final int MAX_WHO = 64;
  private static final int MAX_DETAIL = 4096;

  private final Database database;
  private final InstantSource clock;
  private final Buckets refusals = new Buckets(REFUSALS_AT_ONCE, Duration.ofMinutes(1));
  private final AtomicLong unnoted = new AtomicLong();

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

  Instant now() {
    return clock.instant();
  }

  void log(String who, String what, String detail) {
    database.inTransaction(
        handle -> {
          log(handle, who, what, detail);
          return null;
        });
  }

  /** What somebody was refused for. */
  public enum Refusal {
    SIGN_IN("user.sign-in-failed"),
    LINK("user.link-refused"),
    TOKEN("token.refused");

    private final String what;

    Refusal(String what) {
      this.what = what;
    }
  }

  /**
   * Notes that somebody was not let in. Whoever guesses for days fills no database with it: what is
   * too much is told as a number by the next note of a refusal or a sign-in.
   *
   * @param who as they say; any text
   */
  public void refused(Refusal kind, String who, String address) {
    if (refusals.take(kind.what, clock.instant()).isZero()) {
      log(Rows.cut(who, MAX_WHO), kind.what, from(address));
    } else {
      refused();
    }
  }

  /** Counts that somebody was not let in. */
  public void refused() {
    unnoted.incrementAndGet();
  }

  /** Where somebody came from, and how many were refused since the last note and not noted. */
  String from(String address) {
    long others = unnoted.getAndSet(0);
    return "from " + address + (others == 0 ? "" : "; failed before and not noted: " + others);
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
