package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.Printable;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;

/**
 * What others are to be told: written in the transaction in which it happened, a row for each
 * address, and taken up again and again until the address has accepted it.
 */
public final class Hooks {
  private static final int MAX_ERROR = 512;

  /** What other bosses' clocks may be ahead. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  /** A listener that no boss has named for so long is told of nothing any more. */
  static final Duration NAMED_FOR = Duration.ofDays(3);

  private static final Duration NAME_EVERY = Duration.ofHours(1);

  private final Database database;
  private final InstantSource clock;
  private final Listeners listeners;
  private volatile Instant namedAt = Instant.MIN;

  /**
   * Who is told.
   *
   * @param urls as they were given at the start: to these we send
   * @param body writes an event as the text that is sent
   */
  public record Listeners(List<String> urls, Function<Event, String> body) {}

  /**
   * Something that happened.
   *
   * @param name such as {@code batch.done}
   * @param data numbers, texts and maps of them, by names in snake_case
   */
  public record Event(String name, Instant at, Map<String, Object> data) {}

  /**
   * Something to be sent.
   *
   * @param id the same at each attempt
   * @param attempts that were begun, this one included
   */
  public record Delivery(long id, String url, String body, int attempts) {}

  /** What was to be told to the listeners of a database. */
  public Hooks(Database database, InstantSource clock, Listeners listeners) {
    this.database = database;
    this.clock = clock;
    this.listeners = listeners;
  }

  /** The same, a part for each of our listeners: what one is told does not wait for another. */
  public List<Hooks> apart() {
    return listeners.urls().stream()
        .distinct()
        .map(url -> new Hooks(database, clock, new Listeners(List.of(url), listeners.body())))
        .toList();
  }

  /**
   * Lets all bosses of the database know of our listeners: whoever notices something writes it down
   * for all of them. To be called at the start and from time to time.
   */
  public void name() {
    Instant now = clock.instant();
    Instant last = namedAt;
    if (!last.isAfter(now) && last.isAfter(now.minus(NAME_EVERY))) {
      return;
    }
    database.inTransaction(
        handle -> {
          // In one order whoever does it, so that no two wait for each other.
          listeners.urls().stream().distinct().sorted().forEach(url -> name(handle, url, now));
          return null;
        });
    namedAt = now;
  }

  private static void name(Handle handle, String url, Instant now) {
    for (String sql :
        List.of(
            // A URL is longer than what PostgreSQL has an index for.
            "insert into listener (hash, url, named_at) values (:hash, :url, :now)"
                + " on conflict do nothing",
            "update listener set named_at = :now where hash = :hash and url = :url")) {
      handle
          .createUpdate(sql)
          .bind("hash", Printable.sha256(url))
          .bind("url", url)
          .bind("now", now)
          .execute();
    }
  }

  /** Ours, and those that other bosses were started with. */
  private Set<String> urls(Handle handle, Instant now) {
    Set<String> urls = new LinkedHashSet<>(listeners.urls());
    urls.addAll(
        handle
            .createQuery("select url from listener where named_at > :old order by url")
            .bind("old", now.minus(NAMED_FOR))
            .mapTo(String.class)
            .list());
    return urls;
  }

  void announce(Handle handle, String name, Map<String, Object> data) {
    Instant now = clock.instant();
    for (String url : urls(handle, now)) {
      handle
          .createUpdate(
              "insert into webhook (event, url, body, state, attempts, next_at, last_error,"
                  + " created_at, changed_at)"
                  + " values (:event, :url, :body, 'waiting', 0, :now, '', :now, :now)")
          .bind("event", name)
          .bind("url", url)
          .bind("body", listeners.body().apply(new Event(name, now, data)))
          .bind("now", now)
          .execute();
    }
  }

  /**
   * Takes up what is due for our listeners, the oldest first; nobody else takes it up meanwhile.
   *
   * @param lease whoever dies with it leaves it to others after so long
   */
  public List<Delivery> take(int max, Duration lease) {
    if (listeners.urls().isEmpty()) {
      return List.of();
    }
    Instant now = clock.instant();
    return database.inTransaction(
        handle -> {
          List<Delivery> due =
              new ArrayList<>(
                  handle
                      .createQuery(
                          "select id, url, body, attempts from webhook where state = 'waiting'"
                              + " and (next_at <= :now or changed_at > :ahead)"
                              + " and url = any(:urls)"
                              + " order by next_at, id limit :max for update skip locked")
                      .bind("now", now)
                      // Nothing waits for a time that was reckoned before the clock was set back.
                      .bind("ahead", now.plus(SKEW))
                      .bindArray("urls", String.class, listeners.urls())
                      .bind("max", max)
                      .map(
                          (row, _) ->
                              new Delivery(
                                  row.getLong("id"),
                                  row.getString("url"),
                                  row.getString("body"),
                                  row.getInt("attempts") + 1))
                      .list());
          if (!due.isEmpty()) {
            handle
                .createUpdate(
                    "update webhook set attempts = attempts + 1, next_at = :next, changed_at = :now"
                        + " where id = any(:ids)")
                .bindArray("ids", Long.class, due.stream().map(Delivery::id).toList())
                .bind("next", now.plus(lease))
                .bind("now", now)
                .execute();
          }
          return due;
        });
  }

  /** Its address has accepted it. */
  public void delivered(long id) {
    end(id, "delivered", "");
  }

  /** Nobody will try again. */
  public void givenUp(long id, String why) {
    end(id, "given_up", why);
  }

  private void end(long id, String state, String why) {
    database.inTransaction(
        handle ->
            handle
                .createUpdate(
                    "update webhook set state = :state, last_error = :why, changed_at = :now"
                        + " where id = :id")
                .bind("id", id)
                .bind("state", state)
                .bind("why", Rows.cut(why, MAX_ERROR))
                .bind("now", clock.instant())
                .execute());
  }

  /** It is tried again after a while. */
  public void failed(long id, String why, Duration wait) {
    Instant now = clock.instant();
    database.inTransaction(
        handle ->
            handle
                .createUpdate(
                    "update webhook set last_error = :why, next_at = :next, changed_at = :now"
                        + " where id = :id and state = 'waiting'")
                .bind("id", id)
                .bind("why", Rows.cut(why, MAX_ERROR))
                .bind("next", now.plus(wait))
                .bind("now", now)
                .execute());
  }

  /** A row as it stands. */
  public record Row(
      long id,
      String event,
      String state,
      int attempts,
      String lastError,
      Instant createdAt,
      Instant changedAt) {}

  /** The newest before an id, at most so many. */
  public List<Row> before(long id, int limit) {
    return new ArrayList<>(
        database.read(
            handle ->
                handle
                    .createQuery(
                        "select id, event, state, attempts, last_error, created_at, changed_at"
                            + " from webhook where id < :id order by id desc limit :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map(
                        (row, _) ->
                            new Row(
                                row.getLong("id"),
                                row.getString("event"),
                                row.getString("state"),
                                row.getInt("attempts"),
                                row.getString("last_error"),
                                Rows.instant(row, "created_at"),
                                Rows.instant(row, "changed_at")))
                    .list()));
  }
}
