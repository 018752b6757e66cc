package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;

/**
 * Stores what comes in, some hundred answers a transaction; what is stored may come again, and
 * changes nothing then but a count of copies. A result replaces the dead letter of its run.
 */
public final class Answers {
  /** H2 compares each row with all ids that are asked for: 4,000 together take a second. */
  private static final int CHUNK = 500;

  private static final int MAX_NAME = 256;

  /** Some decades; what a result says may be anything, and durations are added up. */
  private static final long MAX_MILLIS = 1_000_000_000_000L;

  private static final int MAX_MESSAGE = 2048;

  private static final String INSERT =
      """
      insert into result (task_id, run, succeeded, worker, attempts, duration_millis,
        message_id, in_s3, bytes, body, error_type, error_message, copies, received_at,
        sqs_at)
      values (:task, :run, :succeeded, :worker, :attempts, :duration,
        :message, :s3, :bytes, :body, :error, :text, 0, :now, :sqs)""";

  private static final String REPLACE =
      """
      update result set succeeded = :succeeded, worker = :worker, attempts = :attempts,
        duration_millis = :duration, message_id = :message, in_s3 = :s3, bytes = :bytes,
        body = :body, error_type = :error, error_message = :text, copies = copies + 1,
        received_at = :now, sqs_at = :sqs where task_id = :task and run = :run""";

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
   * @param answers that are new, or replace a dead letter
   * @param copies of what was there, and dead letters beside a result
   * @param strays that belong to no task
   */
  public record Stored(int answers, int copies, int strays) {
    private Stored plus(Stored more) {
      return new Stored(answers + more.answers, copies + more.copies, strays + more.strays);
    }
  }

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
    Stored stored = new Stored(0, 0, 0);
    for (int from = 0; from < known.size(); from += CHUNK) {
      List<Known> chunk = known.subList(from, Math.min(known.size(), from + CHUNK));
      stored =
          stored.plus(database.inTransaction(handle -> store(handle, chunk, new ArrayList<>())));
    }
    return strays.isEmpty()
        ? stored
        : stored.plus(database.inTransaction(handle -> store(handle, List.of(), strays)));
  }

  private Stored store(Handle handle, List<Known> known, List<Stray> strays) {
    Instant now = clock.instant();
    Map<Long, Task> tasks = lock(handle, known);
    // Whoever stores an answer holds its task: what is not there now is ours to store.
    Map<JobId, Boolean> stored = stored(handle, tasks.keySet());
    Map<JobId, Known> news = new LinkedHashMap<>();
    List<Known> instead = new ArrayList<>();
    List<Known> copies = new ArrayList<>();
    Map<Long, Known> ends = new HashMap<>();
    for (Known one : known) {
      Task task = tasks.get(one.id().task());
      if (task == null || one.id().run() > task.run()) {
        strays.add(new Stray(one.answer(), "there is no such task, or no such run of it"));
      } else if (isMore(one, stored.get(one.id()))) {
        boolean isThere = stored.put(one.id(), one.answer().succeeded()) != null;
        if (isThere && !news.containsKey(one.id())) {
          instead.add(one);
        } else {
          Optional.ofNullable(news.put(one.id(), one)).ifPresent(copies::add);
        }
        Known before = ends.get(task.id());
        if (ends(task, one) && (before == null || !before.answer().succeeded())) {
          ends.put(task.id(), one);
        }
      } else {
        copies.add(one);
      }
    }
    write(handle, INSERT, news.values(), now);
    write(handle, REPLACE, instead, now);
    end(handle, List.copyOf(ends.values()), now);
    copied(handle, copies);
    int lost = 0;
    for (Stray stray : strays) {
      lost += insert(handle, stray, now);
    }
    return new Stored(news.size() + instead.size(), copies.size(), lost);
  }

  private static Map<Long, Task> lock(Handle handle, List<Known> known) {
    Map<Long, Task> tasks = new HashMap<>();
    if (!known.isEmpty()) {
      handle
          .createQuery("select * from task where id = any(:ids) order by id for update")
          .bindArray("ids", Long.class, known.stream().map(one -> one.id().task()).toList())
          .map((row, _) -> Tasks.task(row))
          .forEach(task -> tasks.put(task.id(), task));
    }
    return tasks;
  }

  /** Those that are stored, and whether as a success. */
  private Map<JobId, Boolean> stored(Handle handle, Set<Long> tasks) {
    Map<JobId, Boolean> ids = new HashMap<>();
    if (!tasks.isEmpty()) {
      handle
          .createQuery("select task_id, run, succeeded from result where task_id = any(:ids)")
          .bindArray("ids", Long.class, List.copyOf(tasks))
          .map(
              (row, _) ->
                  Map.entry(
                      new JobId(databaseId, row.getLong("task_id"), row.getInt("run")),
                      row.getBoolean("succeeded")))
          .forEach(one -> ids.put(one.getKey(), one.getValue()));
    }
    return ids;
  }

  /**
   * True if it is the first answer to a run, or its result where there is a dead letter only: a job
   * that was sent twice may have had both.
   */
  private static boolean isMore(Known one, @Nullable Boolean succeededBefore) {
    return succeededBefore == null || (!succeededBefore && one.answer().succeeded());
  }

  private static void write(Handle handle, String sql, Collection<Known> these, Instant now) {
    if (these.isEmpty()) {
      return;
    }
    PreparedBatch rows = handle.prepareBatch(sql);
    for (Known one : these) {
      Answer answer = one.answer();
      rows.bind("task", one.id().task())
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
          .bind("text", errorMessage(answer))
          .bind("now", now)
          .bind("sqs", answer.source().sentAt())
          .add();
    }
    rows.execute();
  }

  private static long duration(Answer answer) {
    return Math.clamp(answer.durationMillis(), 0, MAX_MILLIS);
  }

  private static @Nullable String errorType(Answer answer) {
    return answer.errorType() == null ? null : Rows.cut(answer.errorType(), MAX_NAME);
  }

  private static String errorMessage(Answer answer) {
    String text = answer.errorMessage();
    return text == null ? "" : Rows.cut(text, MAX_MESSAGE);
  }

  /**
   * A result of any run ends a task, the first one for good; a dead letter only of its last run,
   * since a later one may still succeed.
   */
  private static boolean ends(Task task, Known one) {
    TaskState state = TaskState.of(task.state()).orElseThrow();
    if (one.answer().succeeded()) {
      return !state.isEnd() || state == TaskState.FAILED;
    }
    return !state.isEnd() && state != TaskState.WAITING && one.id().run() == task.run();
  }

  private static void end(Handle handle, List<Known> ends, Instant now) {
    if (ends.isEmpty()) {
      return;
    }
    List<Passport.End> changes = new ArrayList<>();
    PreparedBatch rows =
        handle.prepareBatch(
            "update task set state = :state, ended_run = :run, worker = :worker,"
                + " error_type = :error, duration_millis = :duration, changed_at = :now"
                + " where id = :id");
    for (Known one : ends) {
      Answer answer = one.answer();
      TaskState state = answer.succeeded() ? TaskState.SUCCEEDED : TaskState.FAILED;
      changes.add(new Passport.End(one.id().task(), one.id().run(), state, answer));
      rows.bind("id", one.id().task())
          .bind("state", state.text())
          .bind("run", one.id().run())
          .bind("worker", Rows.cut(answer.worker(), MAX_NAME))
          .bind("error", errorType(answer))
          .bind("duration", duration(answer))
          .bind("now", now)
          .add();
    }
    rows.execute();
    Passport.note(handle, changes, now);
  }

  private static void copied(Handle handle, List<Known> copies) {
    if (copies.isEmpty()) {
      return;
    }
    PreparedBatch rows =
        handle.prepareBatch(
            "update result set copies = copies + 1 where task_id = :task and run = :run");
    copies.forEach(one -> rows.bind("task", one.id().task()).bind("run", one.id().run()).add());
    rows.execute();
  }

  private static int insert(Handle handle, Stray stray, Instant now) {
    Answer answer = stray.answer();
    return handle
        .createUpdate(
            "insert into stray (message_id, line, queue, job_id, worker, why, in_s3, body,"
                + " error_type, error_message, received_at)"
                + " values (:message, :line, :queue, :job, :worker, :why, :s3, :body,"
                + " :error, :text, :now)"
                + " on conflict do nothing")
        .bind("message", answer.source().messageId())
        .bind("line", answer.source().line())
        .bind("queue", answer.source().queue())
        .bind("job", Rows.cut(answer.jobId(), 512))
        .bind("worker", Rows.cut(answer.worker(), MAX_NAME))
        .bind("why", Rows.cut(stray.why(), 512))
        .bind("s3", answer.inS3())
        .bind("body", MessageFormat.sendable(answer.body()))
        .bind("error", errorType(answer))
        .bind("text", errorMessage(answer))
        .bind("now", now)
        .execute();
  }
}
