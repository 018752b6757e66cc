package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ends a job, beside the slots: into the job table first, if there is one, then result or dead
 * letter, then the delete, so that no job is lost.
 *
 * <table>
 * <caption>If the worker dies</caption>
 * <tr><th>died after …<th>then …<th>with the job table …
 * <tr><td>the receive<td>SQS delivers the job again when its lease is over; the receive counts as an attempt<td>it counts none
 * <tr><td>the claim<td><td>another worker takes the job over after the lease; the claim counts as an attempt
 * <tr><td>the executor returned<td>the job runs again<td>the same
 * <tr><td>the end was recorded<td><td>the job is delivered again and what was recorded is sent, without a second run
 * <tr><td>the result was accepted<td>the job runs again; a second result has the same {@code job_id}<td>a second result has the same body as well
 * <tr><td>the delete was accepted<td>nothing is missing<td>the same
 * <tr><td>the dead letter was accepted<td>the job fails again; a second dead letter has the same {@code job_id}<td>it is sent again, without a run
 * <tr><td>a retry was announced<td>the job is delivered after its delay<td>the same
 * </table>
 */
final class Settlement {
  private static final Duration REFUSED_AGAIN = Duration.ofSeconds(30);
  private static final Duration LONGEST_REFUSED = Duration.ofHours(1);

  private final Letters letters;
  private final RetryPolicy retries;
  private final InHand inHand;
  private final Groups groups;
  private final Suspects suspects;
  private final MonotonicClock clock;
  private final WorkListener listener;
  private final WorkThreads threads;
  private final @Nullable Claims claims;
  private final @Nullable PayloadStore store;
  private final String deadLetterQueue;

  private final Outbox outbox;
  private final Successes successes;
  private final Deletes deletes;
  private final Visibility visibility;
  private final Recent finished = new Recent();
  private final Recent givenBack = new Recent();

  /** Parts and ports of a worker's settlement. */
  record Parts(
      @Nullable Claims claims,
      @Nullable PayloadStore store,
      Backlog backlog,
      Outlet results,
      Outlet deadLetters,
      Letters letters,
      RetryPolicy retries,
      InHand inHand,
      Groups groups,
      Suspects suspects,
      MonotonicClock clock,
      Outage outage,
      WorkThreads threads,
      WorkListener listener,
      Duration firstLease,
      Vitals vitals) {}

  Settlement(Parts parts) {
    letters = parts.letters();
    retries = parts.retries();
    inHand = parts.inHand();
    groups = parts.groups();
    suspects = parts.suspects();
    clock = parts.clock();
    listener = parts.listener();
    threads = parts.threads();
    claims = parts.claims();
    store = parts.store();
    deadLetterQueue = parts.deadLetters().name();
    outbox = new Outbox(parts, new Receipts());
    deletes = new Deletes(parts, this::deleted, this::lost);
    successes = new Successes(parts, outbox, new Steps());
    visibility = new Visibility(parts);
  }

  /**
   * Settles a job; returns at once. The job stays in hand until SQS has confirmed its end, or its
   * lease is over.
   */
  void settle(Job job, Outcome outcome) {
    switch (outcome) {
      case Outcome.Succeeded success -> successes.settle(job, success);
      case Outcome.Failed failure when failure.permanent() || retries.isLast(job.attempt()) ->
          failForGood(job, failure);
      case Outcome.Failed failure -> failForNow(job, failure);
      case Outcome.GivenBack back -> released(job, () -> giveBack(job, back));
      case Outcome.DoneBefore _ -> deletes.delete(job);
      case Outcome.SucceededBefore before -> successes.sendAgain(job, before);
      case Outcome.DeadBefore before -> sendDeadLetterAgain(job, before);
      case Outcome.TakenOver _ -> lost(job);
    }
  }

  private void failForGood(Job job, Outcome.Failed failure) {
    recorded(
        job,
        new Ledger.End.Dead(failure.type(), letters.errorMessage(failure.message())),
        () -> outbox.sendDeadLetter(deadLetter(job, failure)));
  }

  private Letter deadLetter(Job job, Outcome.Failed failure) {
    return Letter.dead(job, letters.deadLetter(job, failure), failure, clock.nanoTime());
  }

  private void sendDeadLetterAgain(Job job, Outcome.DeadBefore before) {
    Outcome.Failed failure = Outcome.Failed.forGood(before.type(), before.message());
    outbox.sendDeadLetterAgain(deadLetter(job, failure));
  }

  private void failForNow(Job job, Outcome.Failed failure) {
    recorded(
        job,
        new Ledger.End.Failed(failure.type(), letters.errorMessage(failure.message())),
        () -> retry(job, failure));
  }

  private void retry(Job job, Outcome.Failed failure) {
    Duration delay =
        retries.delay(
            job.attempt(), failure.retryAfter(), ThreadLocalRandom.current().nextDouble());
    if (job.group() == null) {
      release(job, delay, () -> listener.willRetry(describe(job, failure), delay));
    } else {
      retryHere(job, failure, delay);
    }
  }

  /** Given back, the first of a group would set free those behind it. */
  private void retryHere(Job job, Outcome.Failed failure, Duration delay) {
    long now = clock.nanoTime();
    WorkListener.JobFailure described = describe(job, failure);
    givenBack.add(job.messageId(), -1); // one receive, two attempts
    if (groups.retry(job, now + Duration.ofSeconds(job.lease().cutToLimit(delay, now)).toNanos())) {
      listener.willRetry(described, delay);
    } else {
      givenBack.add(job.messageId(), 1); // the next receive is the next attempt
      release(job, Duration.ZERO, () -> listener.gaveBack(job.id(), "worker stops"));
    }
  }

  /** Takes the step as soon as the job table knows how the job ended; at once if there is none. */
  private void recorded(Job job, Ledger.End end, Runnable next) {
    Claims table = claims;
    Hold hold = job.hold();
    if (table == null || hold == null) {
      next.run();
      return;
    }
    threads.startVirtual(
        "record",
        () -> {
          if (table.record(job, hold, end)) {
            next.run();
          } else {
            lost(job);
          }
        });
  }

  /** Takes the step after the claim, if there is one, was released. */
  private void released(Job job, Runnable next) {
    Claims table = claims;
    Hold hold = job.hold();
    if (table == null || hold == null || hold.hasEnded()) {
      next.run();
      return;
    }
    threads.startVirtual(
        "release",
        () -> {
          table.release(job, hold);
          next.run();
        });
  }

  private void giveBack(Job job, Outcome.GivenBack back) {
    givenBack.add(job.messageId(), 1);
    release(job, back.delay(), () -> listener.gaveBack(job.id(), back.reason()));
  }

  private void release(Job job, Duration delay, Runnable announced) {
    visibility.release(
        job,
        delay,
        () -> {
          inHand.remove(job);
          giveBackThoseBehind(job);
          announced.run();
        },
        () -> lost(job));
  }

  /** As {@link Visibility#renew}. */
  void renew(Job job) {
    visibility.renew(job);
  }

  /** As {@link Visibility#renewThen}. */
  void renewThen(Job job, Runnable renewed, Runnable failed) {
    visibility.renewThen(job, renewed, failed);
  }

  /** As {@link Claims#keep}. */
  void keepClaim(Job job, long now) {
    if (claims != null) {
      claims.keep(job, now);
    }
  }

  private void deleted(Job job) {
    inHand.remove(job);
    groups.done(job);
    PayloadStore bucket = store;
    if (bucket != null && job.hasSucceeded() && job.isPointer()) {
      bucket.deleteLater(job.delivery().body());
    }
  }

  /** The lease is over: the job is dropped without another word to SQS, which delivers it again. */
  void lost(Job job) {
    inHand.remove(job);
    giveBackThoseBehind(job);
    listener.leaseLost(job.id());
  }

  private void giveBackThoseBehind(Job job) {
    for (Job behind : groups.abandon(job)) {
      if (behind.conclude()) {
        settle(behind, Outcome.GivenBack.now("its group goes back"));
      }
    }
  }

  /** The lease was over before the job could begin: as {@link #lost}, and it was no attempt. */
  void lostUnrun(Job job) {
    countUnrun(job.messageId());
    released(job, () -> lost(job));
  }

  /** A receive of this message has ended without an attempt. */
  void countUnrun(String messageId) {
    givenBack.add(messageId, 1);
  }

  /**
   * How many receives of this message ended without an attempt in this worker, less the attempts
   * that had no receive of their own: what the count of receives is above that of attempts.
   */
  int givenBack(String messageId) {
    return givenBack.count(messageId);
  }

  /** True if this worker had a result or a dead letter accepted for this message. */
  boolean isFinished(String messageId) {
    return finished.count(messageId) > 0;
  }

  /** Calls, or entries of such, that wait for their turn. */
  int waiting() {
    return outbox.waiting() + deletes.waiting() + visibility.waiting();
  }

  /** The worker stops: from now on deletes do not linger, nor releases wait for the job table. */
  void hurry() {
    deletes.hurry();
    if (claims != null) {
      claims.hurry();
    }
  }

  private WorkListener.JobFailure describe(Job job, Outcome.Failed failure) {
    return new WorkListener.JobFailure(
        job.id(), job.attempt(), failure.type(), letters.errorMessage(failure.message()));
  }

  private final class Steps implements Successes.Steps {
    @Override
    public void fail(Job job, Outcome.Failed failure) {
      settle(job, failure);
    }

    @Override
    public void recorded(Job job, Ledger.End end, Runnable next) {
      Settlement.this.recorded(job, end, next);
    }

    @Override
    public void giveBack(Job job, Outcome.GivenBack back) {
      settle(job, back);
    }

    @Override
    public void delete(Job job) {
      deletes.delete(job);
    }

    @Override
    public void lost(Job job) {
      Settlement.this.lost(job);
    }
  }

  private final class Receipts implements Outbox.Receipts {
    @Override
    public void accepted(Letter letter) {
      Job job = letter.job();
      finished.add(job.messageId(), 1);
      if (letter.failure() == null) {
        listener.succeeded(job.id());
      } else {
        suspects.clear(job);
        listener.deadLettered(describe(job, letter.failure()));
      }
      if (letter.unrecorded() == null) {
        deletes.delete(job);
      } else {
        recorded(job, letter.unrecorded(), () -> deletes.delete(job));
      }
    }

    @Override
    public void refused(Letter letter, String code, String message) {
      if (letter.failure() == null) {
        resultRefused(letter, code + ": " + message);
      } else {
        deadLetterRefused(letter, letter.failure(), code + ": " + message);
      }
    }

    /**
     * What came from SQS can go back to it: the second try is the bare job. What then remains is
     * the queue's own limit, which a pointer to the payload bucket may keep.
     */
    private void deadLetterRefused(Letter letter, Outcome.Failed failure, String reason) {
      Job job = letter.job();
      Outgoing bare = letters.bareDeadLetter(job);
      if (letter.large() == null && !bare.attributes().equals(letter.message().attributes())) {
        Letter second = Letter.dead(job, bare, failure, clock.nanoTime());
        if (letter.hasObjectOfItsOwn()) {
          outbox.sendDeadLetterAgain(second);
        } else {
          outbox.sendDeadLetter(second);
        }
        deleteObjectOf(letter);
      } else if (letter.large() == null
          && store != null
          && !job.isPointer()
          && bare.attributes().size() < MessageFormat.MAX_ATTRIBUTES) {
        Outgoing stored = letters.storedDeadLetter(job, failure);
        outbox.sendDeadLetter(Letter.largeDead(job, stored, failure, clock.nanoTime()));
      } else {
        giveBackRefused(letter, failure, reason);
      }
    }

    @Override
    public void denied(Letter letter, String code, String message) {
      if (letter.failure() != null) {
        giveBackRefused(letter, letter.failure(), code + ": " + message);
      }
    }

    /** In the backlog it holds up no other; its next delivery tries again. */
    private void giveBackRefused(Letter letter, Outcome.Failed failure, String reason) {
      Job job = letter.job();
      int tries = Math.clamp(job.receiveCount() - 1L - retries.retries(), 0, 10);
      Duration delay = Durations.times(REFUSED_AGAIN, 1L << tries);
      delay = delay.compareTo(LONGEST_REFUSED) < 0 ? delay : LONGEST_REFUSED;
      deleteObjectOf(letter);
      listener.deadLetterRefused(describe(job, failure), deadLetterQueue, reason, delay);
      settle(job, new Outcome.GivenBack("the dead-letter queue refused its dead letter", delay));
    }

    private void deleteObjectOf(Letter letter) {
      PayloadStore bucket = store;
      if (bucket != null && letter.hasObjectOfItsOwn()) {
        bucket.deleteLater(letter.message().body());
      }
    }

    private void resultRefused(Letter letter, String reason) {
      Job job = letter.job();
      job.failed();
      boolean recorded = job.hold() != null && letter.unrecorded() == null;
      settle(
          job,
          recorded // as a success, which is not run again
              ? Outcome.Failed.forGood("ResultRefused", reason)
              : Outcome.Failed.forNow("ResultRefused", reason));
    }

    @Override
    public void expired(Letter letter) {
      lost(letter.job());
    }
  }
}
