package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.store.Outbox.Job;
import com.amazonaws.jobprocessor.boss.store.Outbox.Parcel.Fate;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * What is noted of a send: what SQS said, when the send began, and when the hours in which it did
 * were over, so that anybody can see later that it was inside of them.
 *
 * @param closes null if the hours are never over; the begin itself if it was outside of them
 */
record SendNote(Instant begun, @Nullable Instant closes) {
  /** The error of a task that SQS does not take. */
  private static final String REFUSED = "RefusedBySqs";

  /** A send begins. */
  static SendNote begin(ProcessingHours hours, Instant now) {
    return new SendNote(now, hours.isOpen(now) ? hours.nextClosing(now).orElse(null) : now);
  }

  /** True if it began inside the hours. */
  boolean isInside() {
    return !begun.equals(closes);
  }

  /**
   * Notes what became of jobs.
   *
   * @param boss who has sent them
   * @param fates of the jobs, in their order
   */
  void write(Handle handle, String boss, List<Job> jobs, List<Fate> fates, Instant now) {
    List<Job> sent = new ArrayList<>();
    List<Job> refused = new ArrayList<>();
    List<String> messages = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      switch (fates.get(i).kind()) {
        case SENT -> {
          sent.add(jobs.get(i));
          messages.add(fates.get(i).messageId());
        }
        case REFUSED -> refused.add(jobs.get(i));
        case LEFT -> {}
      }
    }
    write(handle, sent, TaskState.DISPATCHED, null, now);
    Passport.sent(handle, sent, messages, boss, now);
    write(handle, refused, TaskState.FAILED, REFUSED, now);
    List<Long> ids = refused.stream().map(Job::task).toList();
    Passport.note(handle, ids, Passport.By.boss(boss, REFUSED), now);
  }

  private void write(
      Handle handle, List<Job> jobs, TaskState state, @Nullable String error, Instant now) {
    if (jobs.isEmpty()) {
      return;
    }
    List<Long> tasks = jobs.stream().map(Job::task).toList();
    handle
        .createUpdate(
            // A first send outside of the hours is not forgotten for a second one inside.
            "update run set sent_at = :now, sends = sends + 1,"
                + " begun_at = case when begun_at >= closes_at then begun_at else :begun end,"
                + " closes_at = case when begun_at >= closes_at then closes_at else :closes end"
                + " where task_id = any(:ids)"
                + " and run = (select task.run from task where task.id = run.task_id)")
        .bind("now", now)
        .bind("begun", begun)
        .bind("closes", closes)
        .bindArray("ids", Long.class, tasks)
        .execute();
    handle
        .createUpdate(
            "update task set state = :state, error_type = :error, changed_at = :now"
                + " where id = any(:ids)")
        .bind("state", state.text())
        .bind("error", error)
        .bind("now", now)
        .bindArray("ids", Long.class, tasks)
        .execute();
  }
}
