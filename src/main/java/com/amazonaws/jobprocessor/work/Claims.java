package com.amazonaws.jobprocessor.work;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What this worker has claimed in the job table: claims jobs before they run, holds them while they
 * do, records how they ended. Its methods wait for the table, but for {@link #keep}.
 */
final class Claims {
  private static final int SEEN = 10_000;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(2);

  /** When a version of a record was seen for the first time. */
  private record Seen(String version, long at) {}

  private final Ledger ledger;
  private final @Nullable PayloadStore store;
  private final Duration lease;
  private final MonotonicClock clock;
  private final Outage outage;
  private final WorkThreads threads;
  private final PayloadRoom room;

  private final Map<String, Seen> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > SEEN;
        }
      };
  private final Backoff backoff = new Backoff();
  private final CountDownLatch never = new CountDownLatch(1);
  private volatile boolean hurry;
  private long pausedUntil;

  /**
   * Claims in the given table, each for a lease that is as long as a message's first.
   *
   * @param bytes what payloads that are fetched for a claim may hold together
   */
  Claims(
      Ledger ledger,
      @Nullable PayloadStore store,
      long bytes,
      Duration lease,
      MonotonicClock clock,
      Outage outage,
      WorkThreads threads) {
    this.room = new PayloadRoom(bytes, clock);
    this.store = store;
    this.ledger = ledger;
    this.lease = lease;
    this.clock = clock;
    this.outage = outage;
    this.threads = threads;
    this.pausedUntil = clock.nanoTime();
  }

  /**
   * Claims a job.
   *
   * @return null if the job is ours to be run, else what is to become of it
   */
  @Nullable Outcome claim(Job job) throws InterruptedException {
    Claim claim = claimOn(job);
    Hold hold = new Hold(claim, clock.nanoTime());
    try {
      Ledger.Standing standing = ledger.claim(claim);
      if (standing instanceof Ledger.Standing.PayloadNeeded && store != null) {
        Claim.Payload payload = fetchedPayload(store, job);
        if (payload == null) {
          worked("claim");
          return new Outcome.GivenBack(
              "the payload bucket does not answer", PayloadStore.away(job));
        }
        hold.know(payload);
        claim = hold.claim();
        standing = ledger.claim(claim);
      }
      if (standing instanceof Ledger.Standing.Held held && isDead(job, held)) {
        hold = new Hold(claim, clock.nanoTime());
        standing = ledger.takeOver(claim, held);
      }
      worked("claim");
      return outcome(job, hold, standing);
    } catch (Payloads.Unreadable e) {
      return new Outcome.Failed(e.type(), String.valueOf(e.getMessage()), false, null);
    } catch (CallFailed e) {
      long pause = failed("claim", e);
      if (e.kind() == CallFailed.Kind.UNKNOWN) {
        job.claimed(hold, job.attempt(), 0); // it may be ours: then it is to be released
      }
      return new Outcome.GivenBack(
          "the job table does not answer", Duration.ofNanos(2 * pause).plusSeconds(1));
    }
  }

  /** What the job's pointer stands for; null if S3 is away: that is no failure of the table. */
  private Claim.@Nullable Payload fetchedPayload(PayloadStore store, Job job)
      throws Payloads.Unreadable, InterruptedException {
    try (PayloadRoom.Taken _ = room.take(job)) {
      return payloadOf(store.fetch(job.delivery().body()));
    } catch (CallFailed e) {
      return null;
    }
  }

  private Claim claimOn(Job job) {
    Delivery delivery = job.delivery();
    Claim.Payload payload =
        job.isPointer()
            ? new Claim.Payload(null, PayloadPointer.sizeOf(delivery.attributes()).orElse(0))
            : payloadOf(delivery.body());
    return new Claim(
        job.id(),
        job.messageId(),
        payload,
        delivery.sentAtMillis(),
        UUID.randomUUID().toString(),
        lease);
  }

  static Claim.Payload payloadOf(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    try {
      return new Claim.Payload(
          HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)),
          bytes.length);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every JDK has it
    }
  }

  /**
   * True if the owner has neither renewed nor ended its claim for a lease: by the wall clocks, or
   * as seen from here by our own.
   */
  private synchronized boolean isDead(Job job, Ledger.Standing.Held held) {
    long now = clock.nanoTime();
    Seen before = seen.get(job.id());
    if (before == null || !before.version().equals(held.version())) {
      seen.put(job.id(), new Seen(held.version(), now));
      return held.left().isNegative();
    }
    return held.left().isNegative() || now - before.at() > held.lease().toNanos();
  }

  private @Nullable Outcome outcome(Job job, Hold hold, Ledger.Standing standing) {
    return switch (standing) {
      case Ledger.Standing.Mine mine -> {
        job.claimed(hold, mine.attempt(), mine.deaths());
        yield null;
      }
      case Ledger.Standing.Held held ->
          new Outcome.GivenBack("another worker has it", delay(job, held));
      case Ledger.Standing.Succeeded before -> {
        Hold theirs = new Hold(hold.claim().with(before.token()), clock.nanoTime());
        theirs.end();
        job.claimed(theirs, before.end().attempts(), 0);
        yield new Outcome.SucceededBefore(before.end(), before.workerId());
      }
      case Ledger.Standing.Dead dead -> {
        job.attempt(dead.attempts());
        yield new Outcome.DeadBefore(dead.end().errorType(), dead.end().errorMessage());
      }
      case Ledger.Standing.PayloadNeeded _ -> // it ended just before it was taken over
          new Outcome.GivenBack("another worker has just ended it", FIRST_DELAY);
      case Ledger.Standing.Reused _ ->
          Outcome.Failed.forGood(
              "JobIdReused", "there is a job with this job_id and another definition");
    };
  }

  /** The owner is likely to be done soon; if not, each look costs requests. */
  private static Duration delay(Job job, Ledger.Standing.Held held) {
    int looks = Math.min(20, Math.max(1, job.receiveCount()) - 1);
    Duration delay = Durations.times(FIRST_DELAY, 1L << looks);
    return delay.compareTo(held.lease()) < 0 ? delay : held.lease();
  }

  /** Renews the claim of a job if that is due; returns at once. */
  void keep(Job job, long now) {
    Hold hold = job.hold();
    if (hold != null && hold.beginRenewal(now)) {
      threads.startVirtual("claim-renewal", () -> renew(job, hold));
    }
  }

  private void renew(Job job, Hold hold) throws InterruptedException {
    long sentAt = clock.nanoTime();
    try {
      boolean ours = ledger.renew(hold.claim());
      worked("renew");
      if (ours) {
        hold.renewed(sentAt);
      } else if (!hold.hasEnded()) {
        hold.lose(clock.nanoTime());
        Attempt attempt = job.running();
        if (attempt != null) {
          attempt.stop(Attempt.Stop.CLAIM_LOST, clock.nanoTime());
        }
      }
    } catch (CallFailed e) {
      failed("renew", e);
      hold.notRenewed(clock.nanoTime());
    }
  }

  /** A write under the job's claim; false if the job is not ours any more. */
  private interface Write {
    boolean run(Claim claim) throws CallFailed, InterruptedException;
  }

  /**
   * Records how an attempt ended; tried again until the table answers or the job's lease is over.
   *
   * @return false if nothing may be sent: the job is not ours any more, or nobody knows
   */
  boolean record(Job job, Hold hold, Ledger.End end) throws InterruptedException {
    return insist("record", job, hold, false, claim -> ledger.record(claim, end));
  }

  /** Lets go of a job that did not run; false if that is not sure. */
  boolean release(Job job, Hold hold) throws InterruptedException {
    return insist("release", job, hold, true, ledger::release);
  }

  private boolean insist(String action, Job job, Hold hold, boolean release, Write write)
      throws InterruptedException {
    hold.end();
    Backoff waits = new Backoff();
    while (true) {
      try {
        boolean done = write.run(hold.claim());
        worked(action);
        return done;
      } catch (CallFailed e) {
        failed(action, e);
        if (job.lease().isOver(clock.nanoTime()) || (hurry && release)) {
          worked(action); // nobody waits for it any more
          return false;
        }
        never.await(waits.failed(), TimeUnit.NANOSECONDS);
      }
    }
  }

  /**
   * The worker stops: a claim that cannot be released is left to run out, so that its message need
   * not stay invisible.
   */
  void hurry() {
    hurry = true;
  }

  private synchronized void worked(String action) {
    backoff.worked();
    outage.over(action, ledger.name());
  }

  private synchronized long failed(String action, CallFailed failure) {
    outage.failed(action, ledger.name(), failure);
    long now = clock.nanoTime();
    if (pausedUntil - now <= 0) {
      pausedUntil = now + backoff.failed();
    }
    return pausedUntil - now;
  }

  /** Nanoseconds for which no jobs are to be received, because the table does not answer. */
  synchronized long nanosAway(long now) {
    return pausedUntil - now;
  }
}
