package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Lease;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.Room;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.settle.Claims;
import com.amazonaws.jobprocessor.work.settle.Visibility;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every message in flight ten times a second: renews leases and claims, interrupts
 * attempts that are over their time, gives back what waits too long for a slot.
 */
final class LeaseKeeper {
  private static final long TICK_MILLIS = 100;

  private final Room room;
  private final Visibility visibility;
  private final Claims claims;
  private final WorkSettings settings;
  private final Consumer<Job> onStuckJob;
  private final WorkerRuntime runtime;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * A keeper.
   *
   * @param onStuckJob is told of a job that has ignored its interrupt for 30 s, perhaps many times
   */
  LeaseKeeper(
      Room room,
      Visibility visibility,
      Claims claims,
      WorkSettings settings,
      Consumer<Job> onStuckJob,
      WorkerRuntime runtime) {
    this.room = room;
    this.visibility = visibility;
    this.claims = claims;
    this.settings = settings;
    this.onStuckJob = onStuckJob;
    this.runtime = runtime;
  }

  void run() throws InterruptedException {
    while (!stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
      room.inFlight().awaitSome(); // an idle worker sleeps
      tick();
    }
  }

  void stop() {
    stopped.countDown();
  }

  void tick() {
    long maxWaiting = settings.maxWait().toNanos();
    for (SlotRun overdue : room.slots().takeOverdue(maxWaiting)) {
      overdue.end(Outcome.GivenBack.now("no slot became free"));
    }
    long now = runtime.now();
    for (Message message : room.inFlight().all()) {
      keep(message, now);
    }
    for (SlotRun run : room.slots().running()) {
      Attempt attempt = run.attempt();
      if (attempt != null) {
        watch(run, attempt, now);
      }
    }
  }

  private void keep(Message message, long now) {
    Lease lease = message.lease();
    if (!lease.isOver(now) && lease.wantsRenewal(now)) {
      visibility.renewLater(message);
    }
    for (Job job : message.jobs()) {
      claims.keep(job, now);
    }
  }

  private void watch(SlotRun run, Attempt attempt, long now) {
    Job job = run.job();
    boolean atLimit = job.message().lease().isAtLimit(now);
    if (job.claim().isLost()) {
      attempt.stop(Attempt.Stop.CLAIM_LOST, now);
    } else if (atLimit) {
      attempt.stop(Attempt.Stop.LEASE_LIMIT, now);
    } else if (isOverTime(attempt, now)) {
      attempt.stop(Attempt.Stop.TIMEOUT, now);
    }
    if (attempt.stopped() != Attempt.Stop.GIVE_BACK && attempt.isStuck(now)) {
      if (atLimit) {
        // No later: SQS is about to deliver it again.
        run.end(JobRun.abandoned(Attempt.Stop.LEASE_LIMIT, attempt.ran(now)));
      }
      onStuckJob.accept(job);
    }
  }

  private boolean isOverTime(Attempt attempt, long now) {
    @Nullable Duration timeout = settings.attempts().timeout();
    return timeout != null && attempt.ran(now).compareTo(timeout) >= 0;
  }
}
