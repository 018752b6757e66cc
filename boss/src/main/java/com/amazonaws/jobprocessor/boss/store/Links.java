package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Secrets of links that set a password, once and not for long. One that belongs to no user makes
 * the first operator.
 */
public final class Links {
  /** How long a link can be used. */
  public static final Duration LASTS = Duration.ofHours(24);

  private final Database database;
  private final Users users;
  private final Actions actions;
  private final InstantSource clock;

  /** The links of a database. */
  public Links(Database database, Users users, Actions actions, InstantSource clock) {
    this.database = database;
    this.users = users;
    this.actions = actions;
    this.clock = clock;
  }

  /**
   * Whom a link is for.
   *
   * @param name null if it makes the first operator
   */
  public record Invitation(@Nullable Long user, @Nullable String name) {}

  /** A link that makes the first operator; empty if somebody can sign in who is one. */
  public Optional<String> first() {
    return database.inTransaction(
        handle -> {
          Users.lock(handle);
          return Users.hasOperatorBut(handle, Users.NOBODY)
              ? Optional.empty()
              : Optional.of(insert(handle, null));
        });
  }

  /** A link by which a user sets a new password; those before it end. */
  public String create(String who, Users.User user) {
    return database.inTransaction(
        handle -> {
          handle
              .createUpdate("delete from link where user_id = :id")
              .bind("id", user.id())
              .execute();
          actions.log(handle, who, "user.link", user.name());
          return insert(handle, user.id());
        });
  }

  private String insert(Handle handle, @Nullable Long user) {
    Instant now = clock.instant();
    handle.createUpdate("delete from link where expires_at <= :now").bind("now", now).execute();
    String secret = Tokens.random();
    handle
        .createUpdate(
            "insert into link (hash, user_id, expires_at) values (:hash, :user, :expires)")
        .bind("hash", Printable.sha256(secret))
        .bind("user", user)
        .bind("expires", now.plus(LASTS))
        .execute();
    return secret;
  }

  /** Whom a link is for, if it can still be used. */
  public Optional<Invitation> find(String secret) {
    return database.read(handle -> find(handle, secret));
  }

  private Optional<Invitation> find(Handle handle, String secret) {
    return handle
        .createQuery(
            "select l.user_id, u.name from link l left join app_user u on u.id = l.user_id"
                + " where l.hash = :hash and l.expires_at > :now")
        .bind("hash", Printable.sha256(secret))
        .bind("now", clock.instant())
        .map((row, _) -> new Invitation(Rows.longOrNull(row, "user_id"), row.getString("name")))
        .findOne()
        .filter(invitation -> invitation.user() == null || invitation.name() != null);
  }

  /**
   * Uses a link: sets the password and ends the user's sessions, or makes the first operator.
   *
   * @param name of the first operator
   * @param password its hash
   * @return the user; empty if the link cannot be used any more, or the name is taken
   */
  public Optional<Users.User> use(String secret, String name, String password) {
    Optional<String> made =
        database.inTransaction(
            handle -> {
              Users.lock(handle);
              Optional<Invitation> found = find(handle, secret);
              return found.flatMap(invitation -> use(handle, invitation, secret, name, password));
            });
    return made.flatMap(users::find);
  }

  private Optional<String> use(
      Handle handle, Invitation invitation, String secret, String name, String password) {
    Long id = invitation.user();
    if (id == null) {
      if (!makeFirst(handle, name, password)) {
        return Optional.empty();
      }
      handle.createUpdate("delete from link where user_id is null").execute();
      return Optional.of(name);
    }
    handle
        .createUpdate("delete from link where hash = :hash")
        .bind("hash", Printable.sha256(secret))
        .execute();
    handle
        .createUpdate("update app_user set password = :password where id = :id")
        .bind("password", password)
        .bind("id", id)
        .execute();
    Sessions.endAll(handle, id);
    String user = String.valueOf(invitation.name());
    actions.log(handle, user, "user.password", "by a link");
    return Optional.of(user);
  }

  private boolean makeFirst(Handle handle, String name, String password) {
    boolean taken =
        handle
                .createQuery("select count(*) from app_user where name = :name")
                .bind("name", name)
                .mapTo(Long.class)
                .one()
            > 0;
    if (taken || Users.hasOperatorBut(handle, Users.NOBODY)) {
      return false;
    }
    users.insert(handle, name, name, Role.OPERATOR, password);
    actions.log(handle, name, "user.create", name + ", operator, by the link of the start");
    return true;
  }
}
