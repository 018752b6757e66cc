package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.ClaimRequest;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.Backoff;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.Pause;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.ClaimLease;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Message;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.PayloadMemory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Claims in a job table, each for a lease that is as long as a message's first. */
public final class TableClaims implements Claims {
  private static final Logger log = LoggerFactory.getLogger(TableClaims.class);
  private static final int MAX_SEEN = 10_000;
  private static final Duration FIRST_DELAY = Duration.ofSeconds(2);
  private static final Duration MAX_DELAY = Duration.ofHours(1);
  private static final Duration AWAY = Duration.ofSeconds(1);

  /** When a version of a record was seen for the first time. */
  private record Seen(String version, long at) {}

  private final JobTable table;
  private final PayloadStore store;
  private final PayloadMemory memory;
  private final Duration lease;
  private final WorkerRuntime runtime;
  private final Pause pause;

  private final Map<String, Seen> seen =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Seen> eldest) {
          return size() > MAX_SEEN;
        }
      };
  private volatile boolean hurry;

  /**
   * Claims in the given table.
   *
   * @param memory for payloads that are fetched for a claim
   */
  public TableClaims(
      JobTable table,
      PayloadStore store,
      PayloadMemory memory,
      Duration lease,
      WorkerRuntime runtime) {
    this.table = table;
    this.store = store;
    this.memory = memory;
    this.lease = lease;
    this.runtime = runtime;
    this.pause = new Pause(runtime.clock());
  }

  @Override
  public @Nullable Outcome claim(Job job, boolean ahead) throws InterruptedException {
    ClaimRequest request = requestFor(job, ahead);
    ClaimLease claim = new ClaimLease(request, runtime.now());
    try {
      JobTable.Standing standing = table.claim(request);
      if (standing instanceof JobTable.Standing.PayloadNeeded
          // A stranger of the same id must not get what a dead worker has left.
          || (request.payload().sha256() == null
              && standing instanceof JobTable.Standing.Held left
              && isDead(job, left))) {
        ClaimRequest.Payload payload = fetchPayload(job);
        if (payload == null) {
          worked("claim");
          return new Outcome.GivenBack(
              "the payload bucket does not answer", PayloadStore.away(job.message()));
        }
        claim.know(payload);
        request = claim.request();
        standing = table.claim(request);
      }
      if (standing instanceof JobTable.Standing.Held held && isDead(job, held)) {
        claim = new ClaimLease(request, runtime.now());
        standing = table.takeOver(request, held);
      }
      worked("claim");
      return outcome(job, claim, standing);
    } catch (Payloads.Unreadable e) {
      return new Outcome.Failed(
          e.type(), String.valueOf(e.getMessage()), !store.isPresent(), null, null);
    } catch (CallFailed e) {
      long nanos = failed("claim", e);
      if (e.kind() == CallFailed.Kind.UNKNOWN) {
        // It may be ours: then it is to be released.
        job.claimed(claim, job.attempt(), 0);
      }
      return new Outcome.GivenBack("the job table does not answer", away(job, 2 * nanos));
    }
  }

  /** Longer each time: workers without the table cannot know that its receives were no attempts. */
  private static Duration away(Job job, long leastNanos) {
    Duration away = Durations.doubled(AWAY, job.message().receiveCount() - 1, MAX_DELAY);
    return Duration.ofNanos(Math.max(AWAY.toNanos() + leastNanos, away.toNanos()));
  }

  /** What the job's pointer stands for; null if S3 is away: that is no failure of the table. */
  private ClaimRequest.@Nullable Payload fetchPayload(Job job)
      throws Payloads.Unreadable, InterruptedException {
    try (PayloadStore.Payload payload = store.fetch(job.message(), job.body(), memory)) {
      return ClaimRequest.Payload.of(payload.text());
    } catch (CallFailed e) {
      return null;
    }
  }

  private ClaimRequest requestFor(Job job, boolean ahead) {
    Message message = job.message();
    Delivery delivery = message.delivery();
    ClaimRequest.Payload payload =
        message.isPointer()
            ? ClaimRequest.Payload.in(
                job.body(), PayloadPointer.sizeOf(delivery.attributes()).orElse(0))
            : ClaimRequest.Payload.of(job.body());
    return new ClaimRequest(
        job.id(),
        job.origin(),
        payload,
        delivery.sentAtMillis(),
        UUID.randomUUID().toString(),
        lease,
        ahead);
  }

  /**
   * True if the owner has neither renewed nor ended its claim for a lease: by the wall clocks, or
   * as seen from here by our own.
   */
  private synchronized boolean isDead(Job job, JobTable.Standing.Held held) {
    long now = runtime.now();
    Seen before = seen.get(job.id());
    if (before == null || !before.version().equals(held.version())) {
      seen.put(job.id(), new Seen(held.version(), now));
      return held.left().isNegative();
    }
    return held.left().isNegative() || now - before.at() > held.lease().toNanos();
  }

  /** True if the job has not been seen in this state; or so long ago that it is forgotten. */
  private synchronized boolean isNews(Job job, String state) {
    Seen before = seen.put(job.id(), new Seen(state, runtime.now()));
    return before == null || !before.version().equals(state);
  }

  private @Nullable Outcome outcome(Job job, ClaimLease claim, JobTable.Standing standing) {
    return switch (standing) {
      case JobTable.Standing.Mine mine -> {
        job.claimed(claim, mine.attempt(), mine.deaths());
        yield null;
      }
      case JobTable.Standing.Held held ->
          new Outcome.GivenBack("another worker has it", delay(job, held.lease()));
      case JobTable.Standing.Succeeded before -> {
        ClaimLease theirs = new ClaimLease(claim.request().with(before.token()), 0);
        theirs.end();
        job.claimed(theirs, before.end().attempts(), 0);
        yield new Outcome.SucceededBefore(before.end(), before.workerId());
      }
      case JobTable.Standing.Dead dead -> {
        job.attempt(dead.attempts());
        yield new Outcome.DeadBefore(dead.end().errorType(), dead.end().errorMessage());
      }
      case JobTable.Standing.PayloadNeeded _ -> // it ended just before it was taken over
          new Outcome.GivenBack("another worker has just ended it", FIRST_DELAY);
      case JobTable.Standing.Reused _ ->
          Outcome.Failed.forGood(
              "JobIdReused", "there is a job with this job_id and another definition");
      case JobTable.Standing.Cancelled _ -> new Outcome.DoneBefore();
      case JobTable.Standing.Unknown unknown -> {
        if (isNews(job, unknown.state())) {
          log.atWarn()
              .addKeyValue("job_id", job.id())
              .addKeyValue("state", unknown.state())
              .log("this version does not know the state of the job in the job table; left alone");
        }
        yield new Outcome.GivenBack("its state in the job table is unknown", delay(job, MAX_DELAY));
      }
    };
  }

  /** The owner is likely to be done soon; if not, each look costs requests. */
  private static Duration delay(Job job, Duration max) {
    return Durations.doubled(FIRST_DELAY, job.message().receiveCount() - 1, max);
  }

  @Override
  public void putAhead(Job job) throws InterruptedException {
    ClaimLease claim = job.claim();
    if (!claim.request().ahead()) {
      claim.putAhead();
      renew(claim);
    }
  }

  @Override
  public void keep(Job job, long now) {
    ClaimLease claim = job.claim();
    if (claim.beginRenewal(now)) {
      runtime.threads().startVirtual("claim-renewal", () -> renew(claim));
    }
  }

  private void renew(ClaimLease claim) throws InterruptedException {
    long sentAt = runtime.now();
    try {
      boolean ours = table.renew(claim.request());
      worked("renew");
      if (ours) {
        claim.renewed(sentAt);
      } else {
        claim.lose(); // the lease keeper interrupts the attempt
      }
    } catch (CallFailed e) {
      failed("renew", e);
      claim.notRenewed(runtime.now());
    }
  }

  /** A write under the job's claim; false if the job is not ours any more. */
  private interface Write {
    boolean run(ClaimRequest claim) throws CallFailed, InterruptedException;
  }

  @Override
  public boolean record(Job job, JobTable.End end) throws InterruptedException {
    return insist("record", job, false, claim -> table.record(claim, end));
  }

  @Override
  public boolean release(Job job) throws InterruptedException {
    return job.claim().hasEnded() || insist("release", job, true, table::release);
  }

  private boolean insist(String action, Job job, boolean release, Write write)
      throws InterruptedException {
    if (!job.isClaimed()) {
      return true;
    }
    job.claim().end();
    Backoff backoff = new Backoff();
    while (true) {
      try {
        boolean done = write.run(job.claim().request());
        worked(action);
        return done;
      } catch (CallFailed e) {
        failed(action, e);
        if (job.message().lease().isOver(runtime.now()) || (hurry && release)) {
          runtime.outage().givenUp(action, table.name());
          return false;
        }
        backoff.pause(runtime.clock());
      }
    }
  }

  @Override
  public void hurry() {
    hurry = true;
  }

  private void worked(String action) {
    pause.worked();
    runtime.outage().over(action, table.name());
  }

  private long failed(String action, CallFailed failure) {
    runtime.outage().failed(action, table.name(), failure);
    return pause.failed();
  }

  @Override
  public long nanosAway() {
    return pause.nanosLeft();
  }
}
