package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** What is set for all bosses of the database, while they run. */
public final class Settings {
  private static final String NO_LIMIT = "0";
  private static final String DATABASE = "database";
  private static final String PAUSED = "paused";
  private static final String PER_MINUTE = "dispatch_per_minute";
  private static final String AHEAD = "dispatch_ahead_minutes";
  private static final String HOURS = "hours";
  private static final String LET_GO = "dispatch_let_go";
  private static final List<String> DISPATCH = List.of(PAUSED, PER_MINUTE, AHEAD, HOURS);

  /** Minutes of measured work that may be dispatched ahead, if nobody has said otherwise. */
  public static final int DEFAULT_AHEAD_MINUTES = 10;

  private final Database database;
  private final String databaseId;
  private final ZoneId zone;

  /**
   * The settings.
   *
   * @param zone of the hours before anybody has set some
   */
  public Settings(Database database, ZoneId zone) {
    this.database = database;
    this.zone = zone;
    this.databaseId =
        database.inTransaction(
            handle -> {
              byte[] random = new byte[4];
              new SecureRandom().nextBytes(random);
              putIfAbsent(handle, DATABASE, HexFormat.of().formatHex(random));
              putIfAbsent(handle, PAUSED, "false");
              return get(handle, DATABASE).orElseThrow();
            });
  }

  /** What the dispatch goes by. */
  public record Dispatch(boolean paused, int perMinute, int aheadMinutes, ProcessingHours hours) {
    /** A call of SQS takes less, so that what is sent by one is there before the hours are over. */
    private static final Duration CALL = Duration.ofSeconds(2);

    /** True if a call that sends may begin at the moment. */
    public boolean maySend(Instant now) {
      return !paused && hours.isOpen(now) && hours.isOpen(now.plus(CALL));
    }
  }

  /** The database's own id, which its job ids begin with. */
  public String databaseId() {
    return databaseId;
  }

  /** What is set now. */
  public Dispatch dispatch() {
    return database.read(this::dispatch);
  }

  Dispatch dispatch(Handle handle) {
    Map<String, String> set = new HashMap<>();
    handle
        .createQuery("select name, setting from setting where name = any(:names)")
        .bindArray("names", String.class, DISPATCH)
        .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
        .forEach(one -> set.put(one.getKey(), one.getValue()));
    String hours = set.get(HOURS);
    return new Dispatch(
        Boolean.parseBoolean(set.get(PAUSED)),
        Integer.parseInt(set.getOrDefault(PER_MINUTE, NO_LIMIT)),
        Integer.parseInt(set.getOrDefault(AHEAD, Integer.toString(DEFAULT_AHEAD_MINUTES))),
        hours == null ? ProcessingHours.always(zone) : readHours(hours));
  }

  /** Since when the dispatch has gone on as it does; empty if nobody has touched it. */
  public Optional<Instant> letGoAt() {
    return database.read(Settings::letGoAt);
  }

  static Optional<Instant> letGoAt(Handle handle) {
    return get(handle, LET_GO).map(Instant::parse);
  }

  /** What was measured of the workers before says nothing of what they do from now on. */
  static void setLetGo(Handle handle, Instant now) {
    put(handle, LET_GO, now.toString());
  }

  static boolean isPaused(Handle handle) {
    return get(handle, PAUSED).map(Boolean::parseBoolean).orElse(false);
  }

  /** Of all bosses one at a time may go on from here, until the transaction ends. */
  static void lockDispatch(Handle handle) {
    handle
        .createQuery("select setting from setting where name = :name for update")
        .bind("name", PAUSED)
        .mapTo(String.class)
        .one();
  }

  /** Stops or starts the dispatch; false if that is so already. */
  static boolean setPaused(Handle handle, boolean paused) {
    return change(handle, PAUSED, "false", Boolean.toString(paused));
  }

  /**
   * Bounds the dispatch.
   *
   * @param perMinute tasks a minute, 0 for no limit
   * @param aheadMinutes minutes of measured work that may be ahead, from 1
   * @return false if both are so already
   */
  static boolean setPace(Handle handle, int perMinute, int aheadMinutes) {
    boolean other = change(handle, PER_MINUTE, NO_LIMIT, Integer.toString(perMinute));
    return change(
            handle, AHEAD, Integer.toString(DEFAULT_AHEAD_MINUTES), Integer.toString(aheadMinutes))
        || other;
  }

  /** Sets the hours. */
  static void setHours(Handle handle, ProcessingHours hours) {
    StringBuilder text = new StringBuilder(hours.zone().getId());
    for (Window window : hours.windows()) {
      text.append('\n')
          .append(window.dayName())
          .append(' ')
          .append(window.from())
          .append(' ')
          .append(window.toText());
    }
    put(handle, HOURS, text.toString());
  }

  private static ProcessingHours readHours(String text) {
    List<String> lines = text.lines().toList();
    List<Window> windows = new ArrayList<>();
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(" ", 3);
      windows.add(Window.parse(parts[0], parts[1], parts[2]));
    }
    return new ProcessingHours(ZoneId.of(lines.getFirst()), windows);
  }

  private static Optional<String> get(Handle handle, String name) {
    return handle
        .createQuery("select setting from setting where name = :name")
        .bind("name", name)
        .mapTo(String.class)
        .findOne();
  }

  private static boolean change(Handle handle, String name, String unset, String value) {
    boolean other = !get(handle, name).orElse(unset).equals(value);
    put(handle, name, value);
    return other;
  }

  private static void put(Handle handle, String name, String value) {
    putIfAbsent(handle, name, value);
    handle
        .createUpdate("update setting set setting = :value where name = :name")
        .bind("name", name)
        .bind("value", value)
        .execute();
  }

  private static void putIfAbsent(Handle handle, String name, String value) {
    handle
        .createUpdate(
            "insert into setting (name, setting) values (:name, :value) on conflict do nothing")
        .bind("name", name)
        .bind("value", value)
        .execute();
  }

  /**
   * Takes so many numbers for tasks, which nobody else gets; in a transaction of its own, so that a
   * long insert holds up no other.
   *
   * @return the first of them
   */
  long takeIds(int count) {
    return database.inTransaction(
        handle -> {
          putIfAbsent(handle, "next_task", "1");
          long first =
              Long.parseLong(
                  handle
                      .createQuery(
                          "select setting from setting where name = 'next_task' for update")
                      .mapTo(String.class)
                      .one());
          put(handle, "next_task", Long.toString(first + count));
          return first;
        });
  }
}
