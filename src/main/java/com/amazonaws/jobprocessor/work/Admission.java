package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.RecentMessages;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.Turns;
import com.amazonaws.jobprocessor.work.settle.Claims;
import com.amazonaws.jobprocessor.work.settle.MessageEnd;
import com.amazonaws.jobprocessor.work.settle.Remainders;
import org.jspecify.annotations.Nullable;

/** Decides whether a job that is in hand may be run here and now, and claims it in its turn. */
final class Admission {
  private final Room room;
  private final Claims claims;
  private final MessageEnd messageEnd;
  private final WorkerRuntime runtime;

  Admission(Room room, Claims claims, MessageEnd messageEnd, WorkerRuntime runtime) {
    this.room = room;
    this.claims = claims;
    this.messageEnd = messageEnd;
    this.runtime = runtime;
  }

  /** True if each claim takes a call, so that jobs are better claimed side by side. */
  boolean takesCalls() {
    return !claims.equals(Claims.NONE);
  }

  /**
   * Waits until a slot is at hand for the job, if it is to be claimed: a claim is an attempt. One
   * whose payload has to be fetched first does not wait: its claim is one ahead of its slot.
   */
  Turns.Turn awaitTurn(Job job) throws InterruptedException {
    return takesCalls() && !job.message().isPointer()
        ? room.turns().await(job.message())
        : Turns.Turn.ahead();
  }

  /** Why the job need not even be claimed, or null. */
  @Nullable Outcome whyNot(Job job) throws InterruptedException {
    Message message = job.message();
    if (!renewIfShort(message)) {
      return new Outcome.LeaseOver();
    }
    if (room.recent().isFinished(message.id()) || room.recent().isFinished(job.key())) {
      return new Outcome.DoneBefore();
    }
    if (job.flaw() != null) {
      return job.flaw();
    }
    if (message.isDissolving()) {
      return apart(message);
    }
    return null;
  }

  /** Why the job is not to be run, or null; it is claimed then. */
  @Nullable Outcome whyNot(Job job, Turns.Turn turn) throws InterruptedException {
    String refusal = turn.refusal();
    if (refusal != null) {
      return Outcome.GivenBack.now(refusal);
    }
    Outcome before = whyNot(job);
    Outcome other = before == null ? claims.claim(job, turn.isAhead()) : before;
    if (other != null) {
      return other;
    }
    if (job.deaths() > 0 && job.message().isPackOfSeveral()) {
      job.message().dissolve();
      return apart(job.message());
    }
    RecentMessages.Unsent unsent = room.recent().unsent(job);
    if (unsent != null) {
      // It is not run again: what its letter tells of is the attempt that failed.
      job.attempt(unsent.attempt());
      return unsent.failure();
    }
    return switch (room.suspects().judge(job, room.health().why() != null)) {
      case INNOCENT -> null;
      case SUSPECT -> {
        // Its slot is that of suspects, and may be long in coming.
        turn.close();
        claims.putAhead(job);
        yield null;
      }
      case KILLER ->
          Outcome.Failed.forGood(
              "WorkerDied",
              "received "
                  + job.receives()
                  + " times; a worker died while it ran, so it is not run again");
      case RUNS_ELSEWHERE -> room.suspects().runsElsewhere(job);
    };
  }

  private static Outcome apart(Message pack) {
    return new Outcome.GivenBack(
        "its pack is taken apart", Remainders.delayApart(pack.jobs().size()));
  }

  /** What waits too long before it begins would lose its lease; false if it has lost it. */
  private boolean renewIfShort(Message message) throws InterruptedException {
    Lease lease = message.lease();
    long now = runtime.now();
    return !(lease.isShort(now) && lease.wantsRenewal(now)) || messageEnd.renew(message);
  }
}
