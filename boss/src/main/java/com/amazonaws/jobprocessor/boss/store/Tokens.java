package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.Printable;
import java.security.SecureRandom;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Who may use the API. A token is random and long, so its SHA-256 is all that is stored. */
public final class Tokens {
  private static final int BYTES = 24;

  /** That a token is used is noted no more often. */
  static final Duration NOTED_EVERY = Duration.ofMinutes(1);

  private final Database database;
  private final Actions actions;
  private final InstantSource clock;

  /** When this boss has noted last that a token was used, or has tried to. */
  private final Map<Long, Instant> noted = new ConcurrentHashMap<>();

  /** The tokens of a database. */
  public Tokens(Database database, Actions actions, InstantSource clock) {
    this.database = database;
    this.actions = actions;
    this.clock = clock;
  }

  /** What a token allows; each includes those before it. */
  public enum Scope {
    READ,
    OPERATE,
    /** To make tokens: only the one that the boss gives to whoever may read its folder. */
    ADMIN;

    /** As it is stored and written. */
    public String text() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The scope of a text, if it is one that tokens may have. */
    public static Optional<Scope> of(String text) {
      return Stream.of(READ, OPERATE).filter(scope -> scope.text().equals(text)).findFirst();
    }

    /** True if it includes the other. */
    public boolean includes(Scope other) {
      return compareTo(other) >= 0;
    }
  }

  /** Whose token it is and what it allows. */
  public record Bearer(String name, Scope scope) {}

  /** A new secret. */
  public static String random() {
    byte[] bytes = new byte[BYTES];
    new SecureRandom().nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  /** Makes a token; it is shown this once. */
  public String create(String who, String name, Scope scope) {
    String token = random();
    database.inTransaction(
        handle -> {
          handle
              .createUpdate(
                  "insert into token (name, scope, hash, created_at)"
                      + " values (:name, :scope, :hash, :now)")
              .bind("name", name)
              .bind("scope", scope.text())
              .bind("hash", Printable.sha256(token))
              .bind("now", clock.instant())
              .execute();
          actions.log(handle, who, "token.create", name + ", " + scope.text());
          return null;
        });
    return token;
  }

  /** Notes in the log of actions that somebody came with something that is no token. */
  public void refused(String address) {
    actions.refused(Actions.Refusal.TOKEN, "stranger", address);
  }

  /** The bearer of a token, if it is one: asked anew each time, so that one ends at once. */
  public Optional<Bearer> find(String token) {
    Optional<Token> found =
        database.read(
            handle ->
                handle
                    .createQuery(COLUMNS + " where hash = :hash")
                    .bind("hash", Printable.sha256(token))
                    .map((row, _) -> token(row))
                    .findOne());
    found.ifPresent(this::noteUse);
    return found.map(one -> new Bearer(one.name(), Scope.of(one.scope()).orElse(Scope.READ)));
  }

  private void noteUse(Token token) {
    Instant now = clock.instant();
    if (isRecent(token.usedAt(), now) || isRecent(noted.put(token.id(), now), now)) {
      return;
    }
    try {
      database.inTransaction(handle -> noteUse(handle, token.id(), now));
    } catch (RuntimeException e) {
      // Nobody is kept out because of it.
      if (Trouble.of(e).isEmpty()) {
        throw e;
      }
    }
  }

  private static boolean isRecent(@Nullable Instant last, Instant now) {
    return last != null && !last.isAfter(now) && last.isAfter(now.minus(NOTED_EVERY));
  }

  private static int noteUse(Handle handle, long id, Instant now) {
    // Whoever else uses it notes it.
    List<Long> free =
        handle
            .createQuery("select id from token where id = :id for update skip locked")
            .bind("id", id)
            .mapTo(Long.class)
            .list();
    return handle
        .createUpdate("update token set used_at = :now where id = any(:ids)")
        .bindArray("ids", Long.class, free)
        .bind("now", now)
        .execute();
  }

  /**
   * A token as it is listed: what it is itself nobody knows but its holder.
   *
   * @param usedAt to the minute; null if it never was
   */
  public record Token(
      long id, String name, String scope, Instant createdAt, @Nullable Instant usedAt) {}

  private static final String COLUMNS = "select id, name, scope, created_at, used_at from token";

  private static Token token(ResultSet row) throws SQLException {
    return new Token(
        row.getLong("id"),
        row.getString("name"),
        row.getString("scope"),
        Rows.instant(row, "created_at"),
        Rows.instantOrNull(row, "used_at"));
  }

  /** The oldest after an id, at most so many. */
  public List<Token> after(long id, int limit) {
    return new ArrayList<>(
        database.read(
            handle ->
                handle
                    .createQuery(COLUMNS + " where id > :id order by id limit :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map((row, _) -> token(row))
                    .list()));
  }

  /** Ends the token of an id; those that it was, none or one. */
  public List<Token> revoke(String who, long id) {
    return revoke(who, "id = :what", id);
  }

  /** Ends all tokens of a name; those that were. */
  public List<Token> revoke(String who, String name) {
    return revoke(who, "name = :what", name);
  }

  private List<Token> revoke(String who, String condition, Object what) {
    return database.inTransaction(
        handle -> {
          List<Token> ended =
              handle
                  .createQuery(COLUMNS + " where " + condition + " order by id for update")
                  .bind("what", what)
                  .map((row, _) -> token(row))
                  .list();
          for (Token one : ended) {
            handle.execute("delete from token where id = ?", one.id());
            actions.log(
                handle, who, "token.revoke", one.name() + ", " + one.scope() + ", id " + one.id());
          }
          return ended;
        });
  }
}
