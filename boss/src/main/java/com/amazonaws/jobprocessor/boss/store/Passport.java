package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import java.lang.management.ManagementFactory;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * The passport of a task: each change of its state, by whom and by whose clock. A change is written
 * by the transaction that makes it, so that the last one is always the state that the task has.
 */
public final class Passport {
  /** Names this process, whose clock the times of its changes are read from. */
  private static final String CLOCK = clock();

  private static final int MAX_WHO = 256;
  private static final int MAX_WHY = 1024;

  private final Database database;

  /** The passports of a database's tasks. */
  public Passport(Database database) {
    this.database = database;
  }

  private static String clock() {
    String name = ManagementFactory.getRuntimeMXBean().getName();
    return "boss " + Rows.cut(name, 120);
  }

  /** Who changes a state. */
  public enum Actor {
    BOSS,
    WORKER,
    PERSON
  }

  /**
   * By whom.
   *
   * @param why null if it goes without saying
   */
  record By(Actor actor, String who, @Nullable String why) {
    static By boss(String who, @Nullable String why) {
      return new By(Actor.BOSS, who, why);
    }

    static By person(String who, @Nullable String why) {
      return new By(Actor.PERSON, who, why);
    }
  }

  /**
   * A change.
   *
   * @param clock whose time {@code at} is
   * @param state from then on
   * @param run of the task, 0 before the first
   * @param messageId of the job in SQS: as SQS says where it was sent, as the worker says where it
   *     has ended
   * @param attempts as the worker says
   * @param digest SHA-256 of the answer's body, in hexadecimal
   * @param sqsAt when SQS took the answer, by its clock
   */
  public record Change(
      Instant at,
      String clock,
      String state,
      int run,
      String actor,
      String who,
      @Nullable String why,
      @Nullable String messageId,
      @Nullable Integer attempts,
      @Nullable String digest,
      @Nullable Instant sqsAt) {}

  /** The changes of a task's state, in their order. */
  public List<Change> of(long task) {
    return database.read(
        handle ->
            handle
                .createQuery(
                    "select * from task_change where task_id = :id order by id limit 10000")
                .bind("id", task)
                .map((row, _) -> change(row))
                .list());
  }

  private static Change change(ResultSet row) throws SQLException {
    return new Change(
        Rows.instant(row, "at"),
        row.getString("clock"),
        row.getString("state"),
        row.getInt("run"),
        row.getString("actor"),
        row.getString("who"),
        row.getString("why"),
        row.getString("message_id"),
        Rows.intOrNull(row, "attempts"),
        row.getString("digest"),
        Rows.instantOrNull(row, "sqs_at"));
  }

  /** The SHA-256 digest of an answer's body as it is stored, in hexadecimal. */
  public static String digest(String body) {
    return Printable.sha256(body);
  }

  /** Notes that tasks have the state now that they have in their table. */
  static void note(Handle handle, Collection<Long> tasks, By by, Instant at) {
    if (tasks.isEmpty()) {
      return;
    }
    handle
        .createUpdate(
            "insert into task_change (task_id, at, clock, state, run, actor, who, why)"
                + " select id, :at, :clock, state, run, :actor, :who, :why from task"
                + " where id = any(:ids) order by id")
        .bind("at", at)
        .bind("clock", CLOCK)
        .bind("actor", actor(by.actor()))
        .bind("who", Rows.cut(by.who(), MAX_WHO))
        .bind("why", by.why() == null ? null : Rows.cut(by.why(), MAX_WHY))
        .bindArray("ids", Long.class, tasks)
        .execute();
  }

  /**
   * Notes that jobs have been sent.
   *
   * @param messages their ids in SQS, in the order of the jobs; of a pack all have the same
   */
  static void sent(
      Handle handle, List<Outbox.Job> jobs, List<String> messages, String boss, Instant at) {
    if (jobs.isEmpty()) {
      return;
    }
    PreparedBatch rows =
        handle.prepareBatch(
            "insert into task_change (task_id, at, clock, state, run, actor, who, message_id)"
                + " values (:task, :at, :clock, :state, :run, :actor, :who, :message)");
    for (int i = 0; i < jobs.size(); i++) {
      String message = messages.get(i);
      rows.bind("task", jobs.get(i).task())
          .bind("at", at)
          .bind("clock", CLOCK)
          .bind("state", TaskState.DISPATCHED.text())
          .bind("run", jobs.get(i).run())
          .bind("actor", actor(Actor.BOSS))
          .bind("who", Rows.cut(boss, MAX_WHO))
          .bind("message", message.isEmpty() ? null : Rows.cut(message, MAX_WHO))
          .add();
    }
    rows.execute();
  }

  private static String actor(Actor actor) {
    return actor.name().toLowerCase(java.util.Locale.ROOT);
  }

  /** A task's end by an answer. */
  record End(long task, int run, TaskState state, Answer answer) {}

  /** Notes that answers have ended tasks. */
  static void note(Handle handle, List<End> ends, Instant at) {
    PreparedBatch rows =
        handle.prepareBatch(
            """
            insert into task_change (task_id, at, clock, state, run, actor, who, why,
              message_id, attempts, digest, sqs_at)
            values (:task, :at, :clock, :state, :run, :actor, :who, :why,
              :message, :attempts, :digest, :sqs)""");
    for (End end : ends) {
      Answer answer = end.answer();
      String error = answer.errorType();
      rows.bind("task", end.task())
          .bind("at", at)
          .bind("clock", CLOCK)
          .bind("state", end.state().text())
          .bind("run", end.run())
          .bind("actor", actor(Actor.WORKER))
          .bind("who", Rows.cut(answer.worker(), MAX_WHO))
          .bind("why", error == null ? null : Rows.cut(error, MAX_WHY))
          .bind("message", Rows.cut(answer.jobMessageId(), MAX_WHO))
          .bind("attempts", answer.attempts())
          .bind("digest", digest(MessageFormat.sendable(answer.body())))
          .bind("sqs", answer.source().sentAt())
          .add();
    }
    rows.execute();
  }
}
