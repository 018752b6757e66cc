package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.store.Night.Brought;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * The stretches of the hours, each begun, ended and looked after by one boss at a time: whoever
 * comes meanwhile goes away again.
 */
public final class Nights {
  /** What bosses' clocks may differ by; less than the shortest window. */
  private static final Duration SKEW = Duration.ofSeconds(30);

  private static final String LOCK = "night_lock";
  private static final String PRESENT = "select * from night where left_at_end is null";

  private final Database database;
  private final Hooks hooks;
  private final InstantSource clock;

  /** The nights of a database. */
  public Nights(Database database, Hooks hooks, InstantSource clock) {
    this.database = database;
    this.hooks = hooks;
    this.clock = clock;
  }

  /** True if the lock is ours until the transaction ends. */
  static boolean lock(Handle handle) {
    handle.execute(
        "insert into setting (name, setting) values (?, '') on conflict do nothing", LOCK);
    return handle
        .createQuery("select name from setting where name = :name for update skip locked")
        .bind("name", LOCK)
        .mapTo(String.class)
        .findOne()
        .isPresent();
  }

  /**
   * Begins the present night, moves its end if the hours were changed, notes that nothing is open
   * any more, and ends it.
   *
   * @return true if the hours are open, and others' clocks do not say that they are over
   */
  public boolean look(ProcessingHours hours) {
    return database.inTransaction(handle -> lock(handle) && look(handle, hours));
  }

  private boolean look(Handle handle, ProcessingHours hours) {
    Instant now = clock.instant();
    boolean any = OpenTasks.any(handle);
    Night night = present(handle).orElse(null);
    if (night != null && isOver(night, hours, any, now)) {
      end(handle, night, now);
      night = null;
    }
    boolean open = night != null || isOpenFor(hours, now);
    if (night != null) {
      Instant at = atLeast(hours, now);
      // Hours that have no end any more are as good as over for boxes: none are brought.
      Instant closes = hours.nextClosing(at).orElse(now);
      if (!closes.equals(night.closesAt())) {
        set(handle, night.id(), "closes_at", closes);
      }
      if (any == (night.drainedAt() != null)) {
        set(handle, night.id(), "drained_at", any ? null : now);
      }
    } else if (open) {
      hours.nextClosing(now).ifPresent(closes -> begin(handle, closes, now));
    }
    if (!any) {
      Forecasts.settleDone(handle, now);
    }
    WorkRuns.look(handle, present(handle).map(Night::id), open, any, now);
    return open;
  }

  /**
   * Whose clock is a little ahead begins a night before the hours open by the others' clocks: they
   * do not end it.
   */
  private static Instant atLeast(ProcessingHours hours, Instant now) {
    return hours.isOpen(now) ? now : now.plus(SKEW);
  }

  /** And ends it before the others' hours are over: they do not begin it again. */
  private static boolean isOpenFor(ProcessingHours hours, Instant now) {
    return hours.isOpen(now)
        && hours.nextClosing(now).map(closes -> closes.isAfter(now.plus(SKEW))).orElse(true);
  }

  private static boolean isOver(Night night, ProcessingHours hours, boolean any, Instant now) {
    Instant at = atLeast(hours, now);
    if (!hours.isOpen(at)) {
      return true;
    }
    Optional<Instant> closes = hours.nextClosing(at);
    if (closes.isEmpty()) {
      // Somebody has taken their end away: the night goes on for what it has begun.
      return !any && !night.brought().state().isUnderWay();
    }
    Instant end = night.closesAt();
    // Unless they went on from there, these are the next hours: nobody was here in between.
    return !end.isAfter(now) && !hours.nextClosing(end).equals(closes);
  }

  private static void begin(Handle handle, Instant closes, Instant now) {
    handle
        .createUpdate(
            "insert into night (opened_at, closes_at, open_at_start, boxes_state, boxes_step,"
                + " boxes_wanted, boxes, boxes_note, boxes_at)"
                + " values (:now, :closes, :open, 'none', 0, 0, 0, '', :now)")
        .bind("now", now)
        .bind("closes", closes)
        .bind("open", OpenTasks.count(handle))
        .execute();
  }

  private static void set(Handle handle, long id, String column, @Nullable Instant value) {
    handle
        .createUpdate("update night set " + column + " = :value where id = :id")
        .bind("value", value)
        .bind("id", id)
        .execute();
  }

  private void end(Handle handle, Night night, Instant now) {
    // Other hours may end it before its time: what still goes on is given time from now on.
    Instant closed = night.closesAt().isAfter(now) ? now : night.closesAt();
    // A boss that was away then may be late: what has come since is for the next hours.
    long left = OpenTasks.unsent(handle, closed);
    handle
        .createUpdate("update night set left_at_end = :left, closes_at = :closed where id = :id")
        .bind("left", left)
        .bind("closed", closed)
        .bind("id", night.id())
        .execute();
    Forecasts.settleLeft(handle, now, left);
    if (left > 0) {
      Map<String, Object> data = new LinkedHashMap<>();
      data.put("opened_at", night.openedAt().toString());
      data.put("closed_at", closed.toString());
      data.put("open_at_start", night.openAtStart());
      data.put("left", left);
      data.put("with_workers", OpenTasks.count(handle) - OpenTasks.unsent(handle));
      hooks.announce(handle, "window.work_left", data);
    }
  }

  private static Optional<Night> present(Handle handle) {
    return handle.createQuery(PRESENT).map((row, _) -> NightRows.night(row)).findFirst();
  }

  /** As it is stored and shown. */
  public static String text(Night.State state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  /** True if some task is open: waiting, on its way, or with a worker. */
  public boolean isAnyOpen() {
    return database.read(OpenTasks::any);
  }

  /** The newest before an id, at most so many. */
  public List<Night> before(long id, int limit) {
    return new ArrayList<>(
        database.read(
            handle ->
                handle
                    .createQuery("select * from night where id < :id order by id desc limit :limit")
                    .bind("id", id)
                    .bind("limit", limit)
                    .map((row, _) -> NightRows.night(row))
                    .list()));
  }

  /**
   * How things stand.
   *
   * @param open true if some task is open
   * @param out true if SQS or a worker may have tasks
   * @param paused true if somebody has stopped the dispatch
   * @param others true if another night has boxes, or may have
   * @param endedAt when a night's boxes were ended last; null if none were
   * @param letGoAt since when the dispatch has gone on as it does; null if always
   */
  public record Situation(
      boolean open,
      boolean out,
      boolean paused,
      boolean others,
      @Nullable Instant endedAt,
      @Nullable Instant letGoAt) {}

  /** What is to be done about a night's boxes. */
  public interface Care {
    /**
     * Called while no other boss does the same.
     *
     * @return what holds from now on; the same if nothing was done
     */
    Brought take(Night night, Situation situation) throws InterruptedException;
  }

  /** Takes care of the boxes of all nights that have some or may have some. */
  public void care(Care care) throws InterruptedException {
    database.inTransaction(
        handle -> {
          if (!lock(handle)) {
            return null;
          }
          List<Night> nights =
              new ArrayList<>(
                  handle
                      .createQuery(
                          "select * from night where left_at_end is null"
                              + " or boxes_state in ('asked', 'up') order by id")
                      .map((row, _) -> NightRows.night(row))
                      .list());
          boolean open = OpenTasks.any(handle);
          boolean out = OpenTasks.anyOut(handle);
          boolean paused = Settings.isPaused(handle);
          Instant ended = NightRows.endedAt(handle);
          Instant letGo = Settings.letGoAt(handle).orElse(null);
          for (int i = 0; i < nights.size(); i++) {
            Night night = nights.get(i);
            boolean others =
                nights.stream()
                    .filter(other -> other.id() != night.id())
                    .anyMatch(other -> other.brought().state().isUnderWay());
            Brought after =
                care.take(night, new Situation(open, out, paused, others, ended, letGo));
            if (!after.equals(night.brought())) {
              NightRows.note(handle, night.id(), after);
              nights.set(i, night.with(after));
            }
          }
          return null;
        });
  }
}
