package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.Printable;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Who may use the API. A token is random and long, so its SHA-256 is all that is stored. */
public final class Tokens {
  private static final int BYTES = 24;

  private final Database database;
  private final Actions actions;
  private final InstantSource clock;

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

  /** The bearer of a token, if it is one. */
  public Optional<Bearer> find(String token) {
    return database.read(
        handle ->
            handle
                .createQuery("select name, scope from token where hash = :hash")
                .bind("hash", Printable.sha256(token))
                .map(
                    (row, _) ->
                        new Bearer(
                            row.getString("name"),
                            Scope.of(row.getString("scope")).orElse(Scope.READ)))
                .findOne());
  }
}
