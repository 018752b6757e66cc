package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Who has signed in to the pages. A session's id is a secret, of which only the hash is stored. */
public final class Sessions {
  /** A session that is not used for so long ends. */
  public static final Duration IDLE = Duration.ofHours(2);

  /** Each session ends after this. */
  public static final Duration LASTS = Duration.ofHours(12);

  /** The sessions of one user; the oldest gives way. */
  static final int MAX_SESSIONS = 20;

  /** When it was used is noted no more often. */
  private static final Duration NOTED = Duration.ofMinutes(1);

  private final Database database;
  private final InstantSource clock;

  /** The sessions of a database. */
  public Sessions(Database database, InstantSource clock) {
    this.database = database;
    this.clock = clock;
  }

  /** Who has a session, and what they may do now. */
  public record Member(long user, String name, Role role) {}

  private record Found(Member member, Instant usedAt) {}

  /** Opens a session; returns its id. */
  public String open(long user) {
    String id = Tokens.random();
    Instant now = clock.instant();
    database.inTransaction(
        handle -> {
          handle
              .createUpdate("delete from web_session where created_at <= :old or used_at <= :idle")
              .bind("old", now.minus(LASTS))
              .bind("idle", now.minus(IDLE))
              .execute();
          handle
              .createUpdate(
                  "delete from web_session where user_id = :user and hash not in (select hash from"
                      + " web_session where user_id = :user order by created_at desc limit :most)")
              .bind("user", user)
              .bind("most", MAX_SESSIONS - 1)
              .execute();
          handle
              .createUpdate(
                  "insert into web_session (hash, user_id, created_at, used_at)"
                      + " values (:hash, :user, :now, :now)")
              .bind("hash", Printable.sha256(id))
              .bind("user", user)
              .bind("now", now)
              .execute();
          return null;
        });
    return id;
  }

  /** Whose session it is, if it has not ended; this counts as use of it. */
  public Optional<Member> use(String id) {
    Optional<Found> found = database.read(handle -> find(handle, id));
    Instant now = clock.instant();
    if (found.isPresent() && found.get().usedAt().plus(NOTED).isBefore(now)) {
      database.inTransaction(
          handle ->
              handle
                  .createUpdate("update web_session set used_at = :now where hash = :hash")
                  .bind("now", now)
                  .bind("hash", Printable.sha256(id))
                  .execute());
    }
    return found.map(Found::member);
  }

  /** The same, but not counted as use. */
  public Optional<Member> look(String id) {
    return database.read(handle -> find(handle, id)).map(Found::member);
  }

  private Optional<Found> find(Handle handle, String id) {
    Instant now = clock.instant();
    return handle
        .createQuery(
            "select u.id, u.name, u.role, s.used_at from web_session s"
                + " join app_user u on u.id = s.user_id where s.hash = :hash"
                + " and s.created_at > :old and s.used_at > :idle and not u.disabled")
        .bind("hash", Printable.sha256(id))
        .bind("old", now.minus(LASTS))
        .bind("idle", now.minus(IDLE))
        .map(
            (row, _) ->
                new Found(
                    new Member(
                        row.getLong("id"),
                        row.getString("name"),
                        Role.of(row.getString("role")).orElse(Role.VIEWER)),
                    Rows.instant(row, "used_at")))
        .findOne();
  }

  /** Ends a session. */
  public void end(String id) {
    database.inTransaction(
        handle ->
            handle
                .createUpdate("delete from web_session where hash = :hash")
                .bind("hash", Printable.sha256(id))
                .execute());
  }

  static void endAll(Handle handle, long user) {
    handle
        .createUpdate("delete from web_session where user_id = :user")
        .bind("user", user)
        .execute();
  }
}
