package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Stores what comes in. Each call is one transaction; what is stored may come again, and changes
 * nothing then but a count of copies.
 */
public final class Answers {
  private static final int MAX_NAME = 256;

  /** Some decades; what a result says may be anything, and durations are added up. */
  private static final long MAX_MILLIS = 1_000_000_000_000L;

  private static final int MAX_MESSAGE = 2048;

  private final Database database;
  private final String databaseId;
  private final InstantSource clock;

  /** What comes in for the tasks of a database. */
  public Answers(Database database, Settings settings, InstantSource clock) {
    this.database = database;
    this.databaseId = settings.databaseId();
    this.clock = clock;
  }

  /**
   * What a call has stored.
   *
   * @param answers that are new
   * @param copies of what was there
   * @param strays that belong to no task
   */
  public record Stored(int answers, int copies, int strays) {}

  /**
   * Something that belongs to no task, or cannot be read.
   *
   * @param why in one line
   */
  public record Stray(Answer answer, String why) {}

  private record Known(JobId id, Answer answer) {}

  /** Stores results and dead letters, and what could not be read of them. */
  public Stored store(List<Answer> answers, List<Stray> unreadable) {
    List<Stray> strays = new ArrayList<>(unreadable);
    List<Known> known = new ArrayList<>();
    for (Answer answer : answers) {
      Optional<JobId> id = JobId.parse(answer.jobId());
      if (id.isEmpty()) {
        strays.add(new Stray(answer, "its job id is none of the boss's"));
      } else if (!id.get().database().equals(databaseId)) {
        strays.add(new Stray(answer, "its job is of another boss's database"));
      } else {
        known.add(new Known(id.get(), answer));
      }
    }
    // Whoever locks several tasks does so in their order.
    known.sort(Comparator.comparingLong(one -> one.id().task()));
    return database.inTransaction(handle -> store(handle, known, strays));
  }

  private Stored store(Handle handle, List<Known> known, List<Stray> strays) {
    Instant now = clock.instant();
    int stored = 0;
    int copies = 0;
    int lost = 0;
    for (Known one : known) {
      Optional<Task> task = lock(handle, one.id());
      if (task.isEmpty()) {
        strays.add(new Stray(one.answer(), "there is no such task, or no such run of it"));
      } else if (insert(handle, one, now)) {
        stored++;
        end(handle, task.get(), one, now);
      } else {
        copies++;
        copied(handle, one.id());
      }
    }
    for (Stray stray : strays) {
      lost += insert(handle, stray, now);
    }
    return new Stored(stored, copies, lost);
  }

  private static Optional<Task> lock(Handle handle, JobId id) {
    return handle
        .createQuery("select * from task where id = :id and run >= :run for update")
        .bind("id", id.task())
        .bind("run", id.run())
        .map((row, _) -> Tasks.task(row))
        .findOne();
  }

  private static boolean insert(Handle handle, Known one, Instant now) {
    Answer answer = one.answer();
    return handle
            .createUpdate(
                """
                insert into result (task_id, run, succeeded, worker, attempts, duration_millis,
                  message_id, in_s3, bytes, body, error_type, error_message, copies, received_at)
                values (:task, :run, :succeeded, :worker, :attempts, :duration,
                  :message, :s3, :bytes, :body, :error, :text, 0, :now)
                on conflict do nothing""")
            .bind("task", one.id().task())
            .bind("run", one.id().run())
            .bind("succeeded", answer.succeeded())
            .bind("worker", Rows.cut(answer.worker(), MAX_NAME))
            .bind("attempts", answer.attempts())
            .bind("duration", duration(answer))
            .bind("message", Rows.cut(answer.jobMessageId(), MAX_NAME))
            .bind("s3", answer.inS3())
            .bind("bytes", MessageFormat.utf8Length(answer.body()))
            .bind("body", MessageFormat.sendable(answer.body()))
            .bind("error", errorType(answer))
            .bind(
                "text",
                Rows.cut(answer.errorMessage() == null ? "" : answer.errorMessage(), MAX_MESSAGE))
            .bind("now", now)
            .execute()
        > 0;
  }

  private static long duration(Answer answer) {
    return Math.clamp(answer.durationMillis(), 0, MAX_MILLIS);
  }

  private static @Nullable String errorType(Answer answer) {
    return answer.errorType() == null ? null : Rows.cut(answer.errorType(), MAX_NAME);
  }

  /**
   * A result of any run ends a task, the first one for good; a dead letter only of its last run,
   * since a later one may still succeed.
   */
  private static void end(Handle handle, Task task, Known one, Instant now) {
    boolean ended = TaskState.of(task.state()).orElseThrow().isEnd();
    boolean late =
        task.state().equals(TaskState.FAILED.text())
            && one.answer().succeeded()
            && !Integer.valueOf(one.id().run()).equals(task.endedRun());
    boolean superseded = !one.answer().succeeded() && one.id().run() < task.run();
    boolean again = !one.answer().succeeded() && task.state().equals(TaskState.WAITING.text());
    if ((ended && !late) || superseded || again) {
      return;
    }
    handle
        .createUpdate(
            "update task set state = :state, ended_run = :run, worker = :worker,"
                + " error_type = :error, duration_millis = :duration, changed_at = :now"
                + " where id = :id")
        .bind("id", task.id())
        .bind("state", (one.answer().succeeded() ? TaskState.SUCCEEDED : TaskState.FAILED).text())
        .bind("run", one.id().run())
        .bind("worker", Rows.cut(one.answer().worker(), MAX_NAME))
        .bind("error", errorType(one.answer()))
        .bind("duration", duration(one.answer()))
        .bind("now", now)
        .execute();
  }

  private static void copied(Handle handle, JobId id) {
    handle
        .createUpdate("update result set copies = copies + 1 where task_id = :task and run = :run")
        .bind("task", id.task())
        .bind("run", id.run())
        .execute();
  }

  private static int insert(Handle handle, Stray stray, Instant now) {
    Answer answer = stray.answer();
    return handle
        .createUpdate(
            "insert into stray (message_id, line, queue, job_id, worker, why, body, received_at)"
                + " values (:message, :line, :queue, :job, :worker, :why, :body, :now)"
                + " on conflict do nothing")
        .bind("message", answer.source().messageId())
        .bind("line", answer.source().line())
        .bind("queue", answer.source().queue())
        .bind("job", Rows.cut(answer.jobId(), 512))
        .bind("worker", Rows.cut(answer.worker(), MAX_NAME))
        .bind("why", Rows.cut(stray.why(), 512))
        .bind("body", MessageFormat.sendable(answer.body()))
        .bind("now", now)
        .execute();
  }
}
