package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Deletes the messages of jobs that have ended: the last step, and the only one that may linger.
 */
final class Deletes {
  private static final Duration LINGER = Duration.ofMillis(100);

  /** Names the newest delivery at the moment of the call: only its handle is sure to delete. */
  private static final class Delete implements GroupCommit.Entry {
    private final Job job;
    private String handle = "";

    Delete(Job job) {
      this.job = job;
    }

    @Override
    public Job job() {
      return job;
    }

    @Override
    public int bytes() {
      return 0;
    }

    String send() {
      handle = job.delivery().receiptHandle();
      return handle;
    }

    /** False if the job was delivered again while the call was under way. */
    boolean namedTheNewest() {
      return handle.equals(job.delivery().receiptHandle());
    }
  }

  private final Backlog backlog;
  private final MonotonicClock clock;
  private final Consumer<WorkEvent> events;
  private final Consumer<Job> deleted;
  private final Consumer<Job> lost;
  private final GroupCommit<Delete> lane;

  /**
   * A lane of deletes.
   *
   * @param deleted takes the jobs whose delete was confirmed in time
   * @param lost takes the others: SQS delivers them again
   */
  Deletes(Settlement.Parts parts, Consumer<Job> deleted, Consumer<Job> lost) {
    this.backlog = parts.backlog();
    this.clock = parts.clock();
    this.events = parts.events();
    this.deleted = deleted;
    this.lost = lost;
    this.lane =
        new GroupCommit<>(
            new Channel(),
            linger(parts),
            parts.clock(),
            parts.outage(),
            parts.threads(),
            parts.vitals());
  }

  private static Duration linger(Settlement.Parts parts) {
    if (parts.backlog().isFifo()) {
      return Duration.ZERO; // the next of the group waits for the delete
    }
    Duration quarter = Durations.part(parts.firstLease(), 4);
    return LINGER.compareTo(quarter) < 0 ? LINGER : quarter;
  }

  /** Deletes the job's message; returns at once. */
  void delete(Job job) {
    lane.submit(new Delete(job));
  }

  /** Deletes that wait to be made. */
  int waiting() {
    return lane.waiting();
  }

  /** From now on deletes do not linger. */
  void hurry() {
    lane.hurry();
  }

  private final class Channel implements GroupCommit.Channel<Delete> {
    @Override
    public String action() {
      return "DeleteMessageBatch";
    }

    @Override
    public String queue() {
      return backlog.name();
    }

    @Override
    public List<Answer> call(List<Delete> batch) throws CallFailed, InterruptedException {
      events.accept(new WorkEvent.Requested(Request.DELETE, batch.size(), 0));
      return backlog.delete(batch.stream().map(Delete::send).toList());
    }

    @Override
    public void accepted(Delete delete) {
      if (delete.namedTheNewest()) {
        deleted.accept(delete.job());
      } else {
        lane.submit(delete);
      }
    }

    @Override
    public void refused(Delete delete, String code, String message) {
      delete.job().lease().lose(clock.nanoTime());
      lost.accept(delete.job());
    }

    @Override
    public void expired(Delete delete) {
      lost.accept(delete.job());
    }
  }
}
