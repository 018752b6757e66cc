package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.call.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at every job in hand ten times a second: renews leases, interrupts attempts that are over
 * their time, gives back what waits too long for a slot.
 */
final class LeaseKeeper {
  private static final long TICK_MILLIS = 100;

  private final InHand inHand;
  private final Groups groups;
  private final Settlement settlement;
  private final MonotonicClock clock;
  private final long mostWaiting;
  private final long timeout;
  private final Runnable onStuckJob;
  private final StuckWatch vitals;
  private final CountDownLatch stopped = new CountDownLatch(1);

  /**
   * A keeper.
   *
   * @param mostWaiting how long a job may wait for a slot before it is given back
   * @param timeout how long an attempt may take, or null
   * @param onStuckJob runs when an attempt has ignored its interrupt for 30 s, perhaps many times
   */
  LeaseKeeper(
      InHand inHand,
      Groups groups,
      Settlement settlement,
      MonotonicClock clock,
      Duration mostWaiting,
      @Nullable Duration timeout,
      Runnable onStuckJob,
      StuckWatch vitals) {
    this.inHand = inHand;
    this.groups = groups;
    this.settlement = settlement;
    this.clock = clock;
    this.mostWaiting = mostWaiting.toNanos();
    this.timeout = timeout == null ? Long.MAX_VALUE : timeout.toNanos();
    this.onStuckJob = onStuckJob;
    this.vitals = vitals;
  }

  void run() throws InterruptedException {
    while (!stopped.await(TICK_MILLIS, TimeUnit.MILLISECONDS)) {
      inHand.awaitSome(); // an idle worker sleeps
      try (StuckWatch.Step _ = vitals.step("lease-keeper")) {
        tick();
      }
    }
  }

  void stop() {
    stopped.countDown();
  }

  void tick() {
    long now = clock.nanoTime();
    groups.tick(now);
    for (Job job : inHand.takeOverdue(now - mostWaiting)) {
      settlement.settle(job, Outcome.GivenBack.now("no slot became free"));
    }
    for (Job job : inHand.all()) {
      keepLease(job, now);
      settlement.keepClaim(job, now);
      Attempt attempt = job.running();
      if (attempt != null) {
        watch(job, attempt, now);
      }
    }
  }

  private void keepLease(Job job, long now) {
    Lease lease = job.lease();
    if (!lease.isOver(now) && lease.wantsRenewal(now)) {
      settlement.renew(job); // if it fails the lease ends, as the job's next step finds out
    }
  }

  private void watch(Job job, Attempt attempt, long now) {
    if (job.lease().isAtLimit(now)) {
      attempt.stop(Attempt.Stop.LEASE_LIMIT, now);
    } else if (attempt.hasTaken(timeout, now)) {
      attempt.stop(Attempt.Stop.TIMEOUT, now);
    }
    if (attempt.stopped() != Attempt.Stop.GIVE_BACK && attempt.isStuck(now)) {
      if (job.lease().isAtLimit(now) && job.conclude()) {
        settlement.settle(
            job,
            JobRun.stopped(Attempt.Stop.LEASE_LIMIT)); // no later: SQS is about to deliver it again
      }
      onStuckJob.run();
    }
  }
}
