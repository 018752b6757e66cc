package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Changes how long messages stay invisible: renews leases, and gives messages back; one change a
 * job at a time.
 */
final class Visibility implements GroupCommit.Channel<Visibility.Change> {
  private final Backlog backlog;
  private final MonotonicClock clock;
  private final Consumer<WorkEvent> events;
  private final GroupCommit<Change> changes;

  Visibility(Settlement.Parts parts) {
    this.backlog = parts.backlog();
    this.clock = parts.clock();
    this.events = parts.events();
    this.changes =
        new GroupCommit<>(
            this, Duration.ZERO, clock, parts.outage(), parts.threads(), parts.vitals());
  }

  /** Renews the job's lease, unless a change is under way: then the next look at it decides. */
  void renew(Job job) {
    if (job.beginVisibilityChange()) {
      changes.submit(new Change(job, null, () -> {}, () -> {}));
    }
  }

  /** Renews the job's lease in any case, after a change under way, then runs one of the actions. */
  void renewThen(Job job, Runnable renewed, Runnable failed) {
    job.whenVisibilityFree(() -> changes.submit(new Change(job, null, renewed, failed)));
  }

  /**
   * Gives the job back, to be delivered after the delay, then runs one of the actions. A call whose
   * fate is unknown is not made again once others may have the message: the lease ends with the
   * delay.
   */
  void release(Job job, Duration delay, Runnable released, Runnable failed) {
    job.release();
    job.whenVisibilityFree(() -> changes.submit(new Change(job, delay, released, failed)));
  }

  /** Changes that wait to be made. */
  int waiting() {
    return changes.waiting();
  }

  /** A renewal (no delay) or a release, and what follows. */
  static final class Change implements GroupCommit.Entry {
    private final Job job;
    private final @Nullable Duration delay;
    private final Runnable done;
    private final Runnable failed;
    private Lease lease;
    private long sentAt;
    private long formerEnd;
    private int seconds;

    private Change(Job job, @Nullable Duration delay, Runnable done, Runnable failed) {
      this.job = job;
      this.delay = delay;
      this.done = done;
      this.failed = failed;
      this.lease = job.lease();
    }

    @Override
    public Job job() {
      return job;
    }

    @Override
    public int bytes() {
      return 0;
    }

    private Backlog.VisibilityChange send(long now) {
      lease = job.lease();
      sentAt = now;
      formerEnd = lease.end();
      if (delay == null) {
        seconds = Math.max(1, lease.renewalSeconds(now));
      } else {
        seconds = lease.cutToLimit(delay, now);
        lease.shorten(now, seconds);
      }
      return new Backlog.VisibilityChange(job.delivery().receiptHandle(), seconds);
    }

    /** SQS says that the change was not made. */
    private void undo() {
      lease.restore(formerEnd);
    }
  }

  @Override
  public String action() {
    return "ChangeMessageVisibilityBatch";
  }

  @Override
  public String queue() {
    return backlog.name();
  }

  @Override
  public List<Answer> call(List<Change> batch) throws CallFailed, InterruptedException {
    long now = clock.nanoTime();
    events.accept(new WorkEvent.Requested(Request.CHANGE_VISIBILITY, batch.size(), 0));
    try {
      List<Answer> answers =
          backlog.changeVisibility(batch.stream().map(change -> change.send(now)).toList());
      undoFailed(batch, answers);
      return answers;
    } catch (CallFailed e) {
      if (e.kind() != CallFailed.Kind.UNKNOWN) {
        batch.forEach(Change::undo);
      }
      throw e;
    }
  }

  private static void undoFailed(List<Change> batch, List<Answer> answers) {
    for (int i = 0; i < batch.size(); i++) {
      if (answers.get(i) instanceof Answer.Failed) {
        batch.get(i).undo();
      }
    }
  }

  @Override
  public void accepted(Change change) {
    if (change.delay == null) {
      change.lease.renewed(change.sentAt, change.seconds);
    }
    change.done.run();
    change.job.endVisibilityChange();
  }

  @Override
  public void refused(Change change, String code, String message) {
    change.lease.lose(clock.nanoTime());
    expired(change);
  }

  @Override
  public void expired(Change change) {
    change.failed.run();
    change.job.endVisibilityChange();
  }
}
