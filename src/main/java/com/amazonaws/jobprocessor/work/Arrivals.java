package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Decides what becomes of each delivery: into the line for a slot, to the dead letters, or back to
 * the queue.
 */
final class Arrivals {
  private final WorkSettings settings;
  private final InHand inHand;
  private final Groups groups;
  private final Settlement settlement;
  private final Suspects suspects;
  private final @Nullable Claims claims;
  private final WorkThreads threads;
  private final MonotonicClock clock;
  private final WorkListener listener;
  private final Vitals vitals;

  Arrivals(
      WorkSettings settings,
      InHand inHand,
      Groups groups,
      Settlement settlement,
      Suspects suspects,
      @Nullable Claims claims,
      WorkThreads threads,
      MonotonicClock clock,
      WorkListener listener,
      Vitals vitals) {
    this.settings = settings;
    this.inHand = inHand;
    this.groups = groups;
    this.settlement = settlement;
    groups.onHead(this::admit);
    this.suspects = suspects;
    this.claims = claims;
    this.threads = threads;
    this.clock = clock;
    this.listener = listener;
    this.vitals = vitals;
  }

  /** Takes what a receive, sent at the given moment, has brought. */
  void accept(List<Delivery> deliveries, long sentAt) {
    listener.received(deliveries.size());
    long characters = 0;
    for (Delivery delivery : deliveries) {
      characters += delivery.body().length();
    }
    listener.requested(WorkListener.Request.RECEIVE, deliveries.size(), characters);
    for (Delivery delivery : deliveries) {
      accept(delivery, sentAt);
    }
  }

  private void accept(Delivery delivery, long sentAt) {
    long now = clock.nanoTime();
    Lease lease = new Lease(sentAt, settings.firstLease());
    if (lease.isOver(now)) {
      settlement.countUnrun(delivery.messageId());
      return; // on its way for so long that others may have it
    }
    int attempt = Math.max(1, delivery.receiveCount() - settlement.givenBack(delivery.messageId()));
    Job job = new Job(delivery, lease, attempt, now);
    Job present = inHand.add(job);
    if (present != null) {
      present.adopt(
          delivery,
          lease); // a copy of a job in hand is not a second job, but its handle is the one that
      // counts
    } else if (!groups.enter(job)) {
      return; // those before it in its group come first
    } else if (lease.isShort(now) && lease.wantsRenewal(now)) {
      settlement.renewThen(job, () -> admit(job), () -> settlement.lostUnrun(job));
    } else {
      admit(job);
    }
  }

  private void admit(Job job) {
    if (settlement.isFinished(job.messageId())) {
      settle(job, new Outcome.DoneBefore());
    } else if (!job.hasGoodId()) {
      settle(
          job,
          Outcome.Failed.forGood(
              "InvalidJobId", "job_id is a String of 1 to 256 printable characters"));
    } else if (job.isPointer() && !settings.hasPayloads()) {
      settle(
          job,
          Outcome.Failed.forGood(
              "PayloadRefused", "the job is in S3 and payload_bucket_name is not set"));
    } else if (claims == null) {
      judge(job);
    } else {
      Claims table = claims;
      inHand.claiming();
      threads.startVirtual("claim", () -> claim(table, job));
    }
  }

  private void claim(Claims table, Job job) throws InterruptedException {
    try {
      Outcome other = table.claim(job);
      try (Vitals.Step _ = vitals.step("what a claim has brought")) {
        if (other == null) {
          judge(job);
        } else {
          settle(job, other);
        }
      }
    } finally {
      inHand.claimed();
    }
  }

  private void judge(Job job) {
    switch (suspects.judge(job)) {
      case INNOCENT -> offer(job, false);
      case SUSPECT -> offer(job, true);
      case KILLER ->
          settle(
              job,
              Outcome.Failed.forGood(
                  "WorkerDied",
                  "received "
                      + job.attempt()
                      + " times; a worker died while it ran, so it is not run again"));
      case RUNS_ELSEWHERE -> settle(job, Suspects.runsElsewhere(job));
    }
  }

  private void offer(Job job, boolean suspect) {
    if (!inHand.offer(job, suspect)) {
      settle(
          job,
          inHand.isEmptied()
              ? Outcome.GivenBack.now("worker stops")
              : new Outcome.GivenBack("too many suspects wait", suspectsDelay(job)));
    }
  }

  /** Each time it goes back is a receive more, and too many of them end it unrun. */
  private Duration suspectsDelay(Job job) {
    int times = Math.clamp(job.receiveCount() - settings.retries() - 2, 0, 10);
    return Durations.times(settings.firstLease(), 1L << times);
  }

  private void settle(Job job, Outcome outcome) {
    if (job.conclude()) {
      settlement.settle(job, outcome);
    }
  }
}
