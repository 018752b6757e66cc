package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Message;
import java.time.Duration;
import java.util.List;

/** Deletes messages that are done with: the last step, and the only one that may linger. */
public final class Deletes {
  private static final Duration LINGER = Duration.ofMillis(100);

  /** Names the newest delivery at the moment of the call: only its handle is sure to delete. */
  private static final class Delete implements BatchEntry {
    private final Message message;
    private String handle = "";

    private Delete(Message message) {
      this.message = message;
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public boolean isExpired(long now) {
      return message.lease().isOver(now);
    }

    private String send() {
      handle = message.delivery().receiptHandle();
      return handle;
    }

    /** False if the message was delivered again while the call was under way. */
    private boolean namedTheNewest() {
      return handle.equals(message.delivery().receiptHandle());
    }
  }

  private final Backlog backlog;
  private final WorkerRuntime runtime;
  private final BatchSender<Delete> lane;

  /**
   * Deletes messages of the backlog.
   *
   * @param firstLease of which deletes may spend no large part in lingering
   */
  public Deletes(Backlog backlog, Duration firstLease, WorkerRuntime runtime) {
    this.backlog = backlog;
    this.runtime = runtime;
    this.lane =
        new BatchSender<>(
            new DeleteCall(),
            linger(backlog, firstLease)::toNanos,
            runtime.clock(),
            runtime.outage());
  }

  private static Duration linger(Backlog backlog, Duration firstLease) {
    if (backlog.isFifo()) {
      return Duration.ZERO; // the next of the group waits for the delete
    }
    Duration quarter = Durations.part(firstLease, 4);
    return LINGER.compareTo(quarter) < 0 ? LINGER : quarter;
  }

  /**
   * Deletes the message and waits for the confirmation.
   *
   * @return false if none came before the lease was over: SQS delivers the message again
   */
  public boolean delete(Message message) throws InterruptedException {
    while (true) {
      Delete delete = new Delete(message);
      switch (lane.send(delete)) {
        case Sent.Accepted _ -> {
          if (delete.namedTheNewest()) {
            return true;
          }
        }
        case Sent.Refused _ -> {
          message.lease().lose(runtime.now());
          return false;
        }
        case Sent.Expired _, Sent.Unknown _, Sent.GivenUp _ -> {
          return false;
        }
      }
    }
  }

  /** Deletes that wait to be made. */
  public int waiting() {
    return lane.waiting();
  }

  /** From now on deletes do not linger. */
  public void hurry() {
    lane.hurry();
  }

  private final class DeleteCall implements BatchCall<Delete> {
    @Override
    public String action() {
      return "DeleteMessageBatch";
    }

    @Override
    public String queue() {
      return backlog.name();
    }

    @Override
    public List<Answer> send(List<Delete> batch) throws CallFailed, InterruptedException {
      return runtime.request(
          new WorkEvent.Requested(WorkEvent.Request.DELETE, batch.size(), 0),
          () -> backlog.delete(batch.stream().map(Delete::send).toList()));
    }
  }
}
