package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes how long messages stay invisible: renews leases, and gives messages back; one change a
 * message at a time.
 */
public final class Visibility {
  /** A renewal (no delay) or a give-back. */
  private static final class Change implements BatchEntry {
    private final Message message;
    private final @Nullable Duration delay;
    private Lease lease;
    private long sentAt;
    private long formerEnd;
    private int seconds;

    private Change(Message message, @Nullable Duration delay) {
      this.message = message;
      this.delay = delay;
      this.lease = message.lease();
    }

    @Override
    public int bytes() {
      return 0;
    }

    @Override
    public boolean isExpired(long now) {
      return message.lease().isOver(now);
    }

    private Backlog.VisibilityChange send(long now) {
      lease = message.lease();
      sentAt = now;
      formerEnd = lease.end();
      if (delay == null) {
        seconds = Math.max(1, lease.renewalSeconds(now));
      } else {
        seconds = lease.cutToLimit(delay, now);
        lease.shorten(now, seconds);
      }
      return new Backlog.VisibilityChange(message.delivery().receiptHandle(), seconds);
    }

    /** SQS says that the change was not made. */
    private void undo() {
      lease.restore(formerEnd);
    }
  }

  private final Backlog backlog;
  private final WorkerRuntime runtime;
  private final BatchSender<Change> lane;

  /** Changes the visibility of messages of the backlog. */
  public Visibility(Backlog backlog, WorkerRuntime runtime) {
    this.backlog = backlog;
    this.runtime = runtime;
    this.lane = new BatchSender<>(new ChangeCall(), () -> 0, runtime.clock(), runtime.outage());
  }

  /**
   * Renews the message's lease on a thread of its own, unless a change is under way: then the next
   * look at it decides. If the renewal fails the lease ends, as the message's next step finds out.
   */
  public void renewLater(Message message) {
    if (message.tryBeginVisibilityChange()) {
      runtime.threads().startVirtual("renewal", () -> change(new Change(message, null)));
    }
  }

  /** Renews the message's lease, after a change under way; false if it could not be renewed. */
  public boolean renew(Message message) throws InterruptedException {
    message.beginVisibilityChange();
    return change(new Change(message, null));
  }

  /**
   * Gives the message back, to be delivered after the delay. A call whose fate is unknown is not
   * made again once others may have the message: the lease ends with the delay.
   *
   * @return false if that was not confirmed before the lease was over
   */
  public boolean release(Message message, Duration delay) throws InterruptedException {
    message.release();
    message.beginVisibilityChange();
    return change(new Change(message, delay));
  }

  private boolean change(Change change) throws InterruptedException {
    try {
      return switch (lane.send(change)) {
        case Sent.Accepted _ -> {
          if (change.delay == null) {
            change.lease.renewed(change.sentAt, change.seconds);
            runtime.tell(new WorkEvent.LeaseRenewed(change.message.id()));
          }
          yield true;
        }
        case Sent.Refused _ -> {
          change.lease.lose(runtime.now());
          yield false;
        }
        case Sent.Expired _, Sent.Unknown _, Sent.GivenUp _ -> false;
      };
    } finally {
      change.message.endVisibilityChange();
    }
  }

  /** Changes that wait to be made. */
  public int waiting() {
    return lane.waiting();
  }

  private final class ChangeCall implements BatchCall<Change> {
    @Override
    public String action() {
      return "ChangeMessageVisibilityBatch";
    }

    @Override
    public String queue() {
      return backlog.name();
    }

    @Override
    public List<Answer> send(List<Change> batch) throws CallFailed, InterruptedException {
      long now = runtime.now();
      try {
        List<Answer> answers =
            runtime.request(
                new WorkEvent.Requested(WorkEvent.Request.CHANGE_VISIBILITY, batch.size(), 0),
                () ->
                    backlog.changeVisibility(
                        batch.stream().map(change -> change.send(now)).toList()));
        for (int i = 0; i < batch.size(); i++) {
          if (answers.get(i) instanceof Answer.Failed) {
            batch.get(i).undo();
          }
        }
        return answers;
      } catch (CallFailed e) {
        if (e.kind() != CallFailed.Kind.UNKNOWN) {
          batch.forEach(Change::undo);
        }
        throw e;
      }
    }
  }
}
