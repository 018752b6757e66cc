package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

/**
 * Deletes the messages of jobs that have ended: the last step, and the only one that may linger.
 */
final class Deletes {
  private static final Duration LINGER = Duration.ofMillis(100);

  private record Delete(Job job, String handle) implements GroupCommit.Entry {
    static Delete of(Job job) {
      return new Delete(job, job.delivery().receiptHandle());
    }

    @Override
    public int bytes() {
      return 0;
    }
  }

  private final Backlog backlog;
  private final MonotonicClock clock;
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
    this.deleted = deleted;
    this.lost = lost;
    this.lane =
        new GroupCommit<>(
            new Channel(), linger(parts), parts.clock(), parts.outage(), parts.threads());
  }

  private static Duration linger(Settlement.Parts parts) {
    if (parts.backlog().isFifo()) {
      return Duration.ZERO; // the next of the group waits for the delete
    }
    Duration quarter = parts.firstLease().dividedBy(4);
    return LINGER.compareTo(quarter) < 0 ? LINGER : quarter;
  }

  /** Deletes the job's message; returns at once. */
  void delete(Job job) {
    lane.submit(Delete.of(job));
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
      return backlog.delete(batch.stream().map(Delete::handle).toList());
    }

    /** Delivered again meanwhile? Only the newest handle is sure to delete. */
    @Override
    public void accepted(Delete delete) {
      Delete newest = Delete.of(delete.job());
      if (delete.handle().equals(newest.handle())) {
        deleted.accept(delete.job());
      } else {
        lane.submit(newest);
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
