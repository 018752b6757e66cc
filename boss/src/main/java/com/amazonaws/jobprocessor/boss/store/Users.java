package com.amazonaws.jobprocessor.boss.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Who may use the pages. There is always somebody who may say who may. */
public final class Users {
  /** The users that there may be. */
  public static final int MAX_USERS = 1_000;

  /** No user's id. */
  static final long NOBODY = -1;

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._@+-]{0,63}");

  private final Database database;
  private final Actions actions;
  private final InstantSource clock;

  /** The users of a database. */
  public Users(Database database, Actions actions, InstantSource clock) {
    this.database = database;
    this.actions = actions;
    this.clock = clock;
  }

  /**
   * A user.
   *
   * @param password its hash; null if none was set yet
   */
  public record User(
      long id,
      String name,
      Role role,
      @Nullable String password,
      boolean disabled,
      Instant createdAt,
      @Nullable Instant signedInAt) {
    /** True if the user can sign in. */
    public boolean isActive() {
      return password != null && !disabled;
    }

    /** Nothing that helps to sign in. */
    @Override
    public String toString() {
      return name + " (" + role.text() + ")";
    }
  }

  /** What came of a change. */
  public enum Change {
    DONE,
    /** The user is gone. */
    MISSING,
    /** Nobody would be left who may change users. */
    LAST_OPERATOR
  }

  /** True if it has 1 to 64 letters, digits and {@code . _ @ + -}. */
  public static boolean isName(String name) {
    return NAME.matcher(name).matches();
  }

  /** All, by name. */
  public List<User> all() {
    return database.read(
        handle ->
            handle
                .createQuery("select * from app_user order by name limit :max")
                .bind("max", MAX_USERS)
                .map((row, _) -> user(row))
                .list());
  }

  /** A user by name, as it was written when the user was made. */
  public Optional<User> find(String name) {
    return database.read(handle -> find(handle, name));
  }

  private static Optional<User> find(Handle handle, String name) {
    return handle
        .createQuery("select * from app_user where name = :name")
        .bind("name", name)
        .map((row, _) -> user(row))
        .findOne();
  }

  /** A user by id. */
  public Optional<User> find(long id) {
    return database.read(
        handle ->
            handle
                .createQuery("select * from app_user where id = :id")
                .bind("id", id)
                .map((row, _) -> user(row))
                .findOne());
  }

  private static User user(ResultSet row) throws SQLException {
    return new User(
        row.getLong("id"),
        row.getString("name"),
        Role.of(row.getString("role")).orElse(Role.VIEWER),
        row.getString("password"),
        row.getBoolean("disabled"),
        Rows.instant(row, "created_at"),
        Rows.instantOrNull(row, "signed_in_at"));
  }

  /**
   * Makes a user without a password.
   *
   * @return empty if the name is taken, or there are {@link #MAX_USERS}
   */
  public Optional<User> create(String who, String name, Role role) {
    return database.inTransaction(
        handle -> {
          lock(handle);
          boolean full =
              handle.createQuery("select count(*) from app_user").mapTo(Long.class).one()
                  >= MAX_USERS;
          if (full || find(handle, name).isPresent()) {
            return Optional.empty();
          }
          insert(handle, who, name, role, null);
          actions.log(handle, who, "user.create", name + ", " + role.text());
          return find(handle, name);
        });
  }

  void insert(Handle handle, String who, String name, Role role, @Nullable String password) {
    handle
        .createUpdate(
            "insert into app_user (name, role, password, disabled, created_by, created_at)"
                + " values (:name, :role, :password, false, :who, :now)")
        .bind("name", name)
        .bind("role", role.text())
        .bind("password", password)
        .bind("who", who)
        .bind("now", clock.instant())
        .execute();
  }

  /** Who changes users does so one at a time, until the transaction ends. */
  static void lock(Handle handle) {
    Settings.lockDispatch(handle);
  }

  /** Changes what a user may do; ends the user's sessions. */
  public Change setRole(String who, long id, Role role) {
    return change(
        who, id, "role = :value", role.text(), "user.role", role.text(), role == Role.OPERATOR);
  }

  /** Lets a user in no more, or again; ends the user's sessions. */
  public Change setDisabled(String who, long id, boolean disabled) {
    String what = disabled ? "user.disable" : "user.enable";
    return change(who, id, "disabled = :value", disabled, what, "", !disabled);
  }

  private Change change(
      String who, long id, String set, Object value, String what, String detail, boolean harmless) {
    return database.inTransaction(
        handle -> {
          lock(handle);
          Optional<String> name =
              handle
                  .createQuery("select name from app_user where id = :id")
                  .bind("id", id)
                  .mapTo(String.class)
                  .findOne();
          if (name.isEmpty()) {
            return Change.MISSING;
          }
          if (!harmless && hasOperatorBut(handle, NOBODY) && !hasOperatorBut(handle, id)) {
            return Change.LAST_OPERATOR;
          }
          handle
              .createUpdate("update app_user set " + set + " where id = :id")
              .bind("value", value)
              .bind("id", id)
              .execute();
          Sessions.endAll(handle, id);
          actions.log(
              handle, who, what, detail.isEmpty() ? name.get() : name.get() + ", " + detail);
          return Change.DONE;
        });
  }

  /** True if somebody can sign in who may change users, whoever has the id left aside. */
  static boolean hasOperatorBut(Handle handle, long id) {
    return handle
            .createQuery(
                "select count(*) from app_user where role = 'operator' and not disabled"
                    + " and password is not null and id <> :id")
            .bind("id", id)
            .mapTo(Long.class)
            .one()
        > 0;
  }

  /**
   * Notes that a user has signed in, in the log of actions as well.
   *
   * @param address from which
   */
  public void signedIn(User user, String address) {
    database.inTransaction(
        handle -> {
          handle
              .createUpdate("update app_user set signed_in_at = :now where id = :id")
              .bind("now", clock.instant())
              .bind("id", user.id())
              .execute();
          actions.log(handle, user.name(), "user.sign-in", actions.from(address));
          return null;
        });
  }

  /** Notes in the log of actions that a user has signed out. */
  public void signedOut(String name, String address) {
    actions.log(name, "user.sign-out", "from " + address);
  }
}
