package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;

/**
 * The tasks that are on their way to the backlog queue.
 *
 * <p>A task is put into the outbox in one transaction, which gives its run a number; it is sent in
 * another, which holds the task's row until SQS has answered. Whoever dies between the two, or with
 * SQS's answer on its way, lets go of the row, and the next one sends the same job id again: then
 * two messages say so, and the key of the results lets one of them count.
 */
public final class Outbox {
  private static final int SPARE = 100;

  private final Database database;
  private final Settings settings;
  private final InstantSource clock;
  private final String boss;

  /**
   * The outbox of a database.
   *
   * @param boss who sends, for people
   */
  public Outbox(Database database, Settings settings, InstantSource clock, String boss) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
    this.boss = boss;
  }

  /** Says how many may be planned. */
  public interface Allowance {
    /**
     * Asked while no other boss plans.
     *
     * @param outstanding tasks that are in the outbox or unanswered in the queue
     * @param recent tasks that were planned within the last minute; 0 if their number is not
     *     limited
     */
    int allowed(Settings.Dispatch settings, int outstanding, int recent);
  }

  /** Puts the next tasks into the outbox, by priority and age; returns how many. */
  public int plan(Allowance allowance) {
    return database.inTransaction(
        handle -> {
          Settings.lockDispatch(handle);
          Instant now = clock.instant();
          Settings.Dispatch set = settings.dispatch(handle);
          int recent = set.perMinute() == 0 ? 0 : recent(handle, now);
          int allowed = allowance.allowed(set, outstanding(handle), recent);
          if (allowed <= 0) {
            return 0;
          }
          List<Job> next = lock(handle, TaskState.WAITING, allowed);
          plan(handle, next, now);
          return next.size();
        });
  }

  private void plan(Handle handle, List<Job> tasks, Instant now) {
    if (tasks.isEmpty()) {
      return;
    }
    List<Long> ids = tasks.stream().map(Job::task).toList();
    handle
        .createUpdate(
            "update task set state = 'sending', run = run + 1, changed_at = :now"
                + " where id = any(:ids)")
        .bind("now", now)
        .bindArray("ids", Long.class, ids)
        .execute();
    handle
        .createUpdate(
            "insert into run (task_id, run, boss, planned_at, sends)"
                + " select id, run, :boss, :now, 0 from task where id = any(:ids)")
        .bind("boss", boss)
        .bind("now", now)
        .bindArray("ids", Long.class, ids)
        .execute();
    Passport.note(handle, ids, Passport.By.boss(boss, null), now);
  }

  private static int outstanding(Handle handle) {
    return handle
        .createQuery("select count(*) from task where state in ('sending', 'dispatched')")
        .mapTo(Integer.class)
        .one();
  }

  private static int recent(Handle handle, Instant now) {
    return handle
        .createQuery("select count(*) from run where planned_at > :since and planned_at <= :soon")
        .bind("since", now.minus(Duration.ofMinutes(1)))
        // Another boss's clock may be a little ahead; what is later was planned before one was set.
        .bind("soon", now.plus(Duration.ofMinutes(1)))
        .mapTo(Integer.class)
        .one();
  }

  /** A task and the number of its last run. */
  record Job(long task, int run) {}

  /** Tasks of a state, by priority and age, that nobody else has locked; locked from now on. */
  private List<Job> lock(Handle handle, TaskState state, int max) {
    if (database.isPostgres()) {
      return next(handle, state, max, " for update skip locked");
    }
    // H2 would sort all tasks of the state to lock some: it is asked for the next ones first, which
    // an index tells, and for more than are wanted, since some may be locked.
    List<Job> found = next(handle, state, 2 * max + SPARE, "");
    List<Job> locked = new ArrayList<>();
    for (int from = 0; from < found.size() && locked.size() < max; ) {
      int to = Math.min(found.size(), from + max - locked.size());
      locked.addAll(lock(handle, state, found.subList(from, to)));
      from = to;
    }
    return locked;
  }

  private static List<Job> next(Handle handle, TaskState state, int max, String lock) {
    return handle
        .createQuery(
            "select id, run from task where state = :state"
                + " order by state, priority desc, id limit :max"
                + lock)
        .bind("state", state.text())
        .bind("max", max)
        .map((row, _) -> new Job(row.getLong("id"), row.getInt("run")))
        .list();
  }

  /** Those of the tasks that are still in the state and that nobody has locked, in their order. */
  private static List<Job> lock(Handle handle, TaskState state, List<Job> these) {
    Map<Long, Job> locked = new HashMap<>();
    handle
        .createQuery(
            "select id, run from task where id = any(:ids) and state = :state"
                + " for update skip locked")
        .bindArray("ids", Long.class, these.stream().map(Job::task).toList())
        .bind("state", state.text())
        .map((row, _) -> new Job(row.getLong("id"), row.getInt("run")))
        .forEach(job -> locked.put(job.task(), job));
    return these.stream().map(job -> locked.get(job.task())).filter(Objects::nonNull).toList();
  }

  /** A job to be sent. */
  public record Parcel(String jobId, String payload, int bytes) {
    /**
     * What became of it.
     *
     * @param messageId of what SQS has taken; else empty
     */
    public record Fate(Kind kind, String messageId) {
      /** The kinds of fates. */
      public enum Kind {
        SENT,
        REFUSED,
        LEFT
      }

      /** SQS has taken it, and has not said as what. */
      public static final Fate SENT = sent("");

      /** SQS will never take it. */
      public static final Fate REFUSED = new Fate(Kind.REFUSED, "");

      /** Not this time. */
      public static final Fate LEFT = new Fate(Kind.LEFT, "");

      /** SQS has taken it. */
      public static Fate sent(String messageId) {
        return new Fate(Kind.SENT, messageId);
      }
    }
  }

  /** Sends jobs. */
  public interface Sending {
    /**
     * The fate of each, in their order.
     *
     * @param maySend to be asked before each call: somebody may have set other hours, or paused
     */
    List<Fate> send(List<Parcel> parcels, BooleanSupplier maySend) throws InterruptedException;
  }

  /**
   * Sends what is next in the outbox; nobody else sends the same meanwhile.
   *
   * @param max jobs
   * @param maxBytes of their payloads; the first is sent whatever it has
   * @return how many were taken up, whatever became of them
   */
  public int send(int max, int maxBytes, Sending sending) throws InterruptedException {
    return database.inTransaction(
        handle -> {
          List<Job> jobs = lock(handle, TaskState.SENDING, max);
          Map<Long, Integer> sizes = sizes(handle, jobs);
          int bytes = 0;
          List<Job> fitting = new ArrayList<>();
          for (Job job : jobs) {
            bytes += sizes.getOrDefault(job.task(), 0);
            if (bytes > maxBytes && !fitting.isEmpty()) {
              break;
            }
            fitting.add(job);
          }
          if (fitting.isEmpty()) {
            return 0;
          }
          Map<Long, String> payloads = payloads(handle, fitting);
          List<Parcel> parcels = new ArrayList<>();
          for (Job job : fitting) {
            parcels.add(
                new Parcel(
                    new JobId(settings.databaseId(), job.task(), job.run()).text(),
                    payloads.getOrDefault(job.task(), ""),
                    sizes.getOrDefault(job.task(), 0)));
          }
          SendNote note = SendNote.begin(settings.dispatch(handle).hours(), clock.instant());
          BooleanSupplier maySend =
              () -> note.isInside() && settings.dispatch(handle).maySend(clock.instant());
          note.write(handle, boss, fitting, sending.send(parcels, maySend), clock.instant());
          return fitting.size();
        });
  }

  private static Map<Long, Integer> sizes(Handle handle, List<Job> jobs) {
    Map<Long, Integer> sizes = new HashMap<>();
    handle
        .createQuery("select task_id, bytes from payload where task_id = any(:ids)")
        .bindArray("ids", Long.class, jobs.stream().map(Job::task).toList())
        .map((row, _) -> sizes.put(row.getLong("task_id"), row.getInt("bytes")) == null)
        .list();
    return sizes;
  }

  private static Map<Long, String> payloads(Handle handle, List<Job> jobs) {
    Map<Long, String> payloads = new HashMap<>();
    handle
        .createQuery("select task_id, body from payload where task_id = any(:ids)")
        .bindArray("ids", Long.class, jobs.stream().map(Job::task).toList())
        .map((row, _) -> payloads.put(row.getLong("task_id"), row.getString("body")) == null)
        .list();
    return payloads;
  }

  /**
   * Looks at tasks that were dispatched before a moment and have no answer.
   *
   * @param again true: they go out once more, as the same run; false: a person is asked
   * @return how many
   */
  public int overdue(Instant before, boolean again, int max) {
    return database.inTransaction(
        handle -> {
          Instant now = clock.instant();
          // A person may be asked only once; what is safe later on is done then.
          String states = again ? "'dispatched', 'unanswered'" : "'dispatched'";
          List<Long> ids =
              handle
                  .createQuery(
                      "select id from task where state in ("
                          + states
                          + ") and exists (select 1 from run where run.task_id = task.id"
                          + " and run.run = task.run and run.sent_at < :before)"
                          + " order by id limit :max for update skip locked")
                  .bind("before", before)
                  .bind("max", max)
                  .mapTo(Long.class)
                  .list();
          if (!ids.isEmpty()) {
            handle
                .createUpdate(
                    "update task set state = :state, changed_at = :now where id = any(:ids)")
                .bind("state", (again ? TaskState.SENDING : TaskState.UNANSWERED).text())
                .bind("now", now)
                .bindArray("ids", Long.class, ids)
                .execute();
            Passport.By by = Passport.By.boss(boss, again ? "no answer: sent again" : "no answer");
            Passport.note(handle, ids, by, now);
          }
          return ids.size();
        });
  }
}
