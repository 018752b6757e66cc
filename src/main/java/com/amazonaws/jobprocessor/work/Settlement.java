package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Ends a job with SQS, beside the slots: result or dead letter first, then the delete, so that no
 * job is lost.
 *
 * <table>
 * <caption>If the worker dies</caption>
 * <tr><th>died after …<th>then …
 * <tr><td>the receive<td>SQS delivers the job again when its lease is over; the receive counts as an attempt
 * <tr><td>the executor returned<td>the same: the job runs again
 * <tr><td>the result was accepted<td>the job runs again; a second result has the same {@code job_id}
 * <tr><td>the delete was accepted<td>nothing is missing
 * <tr><td>the dead letter was accepted<td>the job fails again; a second dead letter has the same {@code job_id}
 * <tr><td>a retry was announced<td>the job is delivered after its delay
 * </table>
 */
final class Settlement {
  private static final Duration DELETES_LINGER = Duration.ofMillis(100);

  /**
   * An item of DynamoDB has at most 400 KB (quotas, DynamoDB developer guide); ours has more than
   * the result.
   */
  private static final int MOST_RECORDED = 350_000;

  private final Backlog backlog;
  private final Letters letters;
  private final RetryPolicy retries;
  private final InHand inHand;
  private final Groups groups;
  private final Suspects suspects;
  private final MonotonicClock clock;
  private final WorkListener listener;
  private final WorkThreads threads;
  private final @Nullable Claims claims;

  private final GroupCommit<Letter> results;
  private final GroupCommit<Letter> deadLetters;
  private final GroupCommit<Delete> deletes;
  private final Visibility visibility;
  private final Recent finished = new Recent();
  private final Recent givenBack = new Recent();

  /** Parts and ports of a worker's settlement. */
  record Parts(
      @Nullable Claims claims,
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
      Duration firstLease) {}

  Settlement(Parts parts) {
    backlog = parts.backlog();
    letters = parts.letters();
    retries = parts.retries();
    inHand = parts.inHand();
    groups = parts.groups();
    suspects = parts.suspects();
    clock = parts.clock();
    listener = parts.listener();
    threads = parts.threads();
    claims = parts.claims();
    Duration quarter = parts.firstLease().dividedBy(4);
    Duration linger = DELETES_LINGER.compareTo(quarter) < 0 ? DELETES_LINGER : quarter;
    if (parts.backlog().name().endsWith(".fifo")) {
      linger = Duration.ZERO; // the next of the group waits for the delete
    }
    results = lane(parts, new ResultChannel(parts.results()), Duration.ZERO);
    deadLetters = lane(parts, new DeadLetterChannel(parts.deadLetters()), Duration.ZERO);
    deletes = lane(parts, new DeleteChannel(), linger);
    visibility = new Visibility(backlog, clock, parts.outage(), parts.threads());
  }

  private static <E extends GroupCommit.Entry> GroupCommit<E> lane(
      Parts parts, GroupCommit.Channel<E> channel, Duration linger) {
    return new GroupCommit<>(channel, linger, parts.clock(), parts.outage(), parts.threads());
  }

  /**
   * Settles a job; returns at once. The job stays in hand until SQS has confirmed its end, or its
   * lease is over.
   */
  void settle(Job job, Outcome outcome) {
    switch (outcome) {
      case Outcome.Succeeded success -> sendResult(job, success);
      case Outcome.Failed failure when failure.permanent() || retries.isLast(job.attempt()) ->
          recorded(
              job,
              new Ledger.End.Dead(failure.type(), letters.errorMessage(failure.message())),
              () -> sendDeadLetter(job, failure));
      case Outcome.Failed failure ->
          recorded(
              job,
              new Ledger.End.Failed(failure.type(), letters.errorMessage(failure.message())),
              () -> retry(job, failure));
      case Outcome.GivenBack back -> released(job, () -> giveBack(job, back));
      case Outcome.DoneBefore _ -> delete(job);
      case Outcome.SucceededBefore before -> sendResultAgain(job, before);
      case Outcome.DeadBefore before ->
          sendDeadLetter(job, Outcome.Failed.forGood(before.type(), before.message()));
      case Outcome.TakenOver _ -> lost(job);
    }
  }

  /** Takes the step as soon as the job table knows how the job ended; at once if there is none. */
  private void recorded(Job job, Ledger.End end, Runnable next) {
    Claims table = claims;
    Hold hold = job.hold();
    if (table == null || hold == null) {
      next.run();
    } else {
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
  }

  /** Takes the step after the claim, if there is one, was released. */
  private void released(Job job, Runnable next) {
    Claims table = claims;
    Hold hold = job.hold();
    if (table == null || hold == null || hold.hasEnded()) {
      next.run();
    } else {
      threads.startVirtual(
          "release",
          () -> {
            table.release(job, hold);
            next.run();
          });
    }
  }

  private void sendResult(Job job, Outcome.Succeeded success) {
    Outgoing message = letters.result(job, success);
    int bytes = MessageFormat.size(message.body(), message.attributes());
    if (bytes > MessageFormat.MAX_BYTES) {
      settle(
          job,
          Outcome.Failed.forNow(
              "ResultTooLarge", "the result's message has " + bytes + " bytes; SQS takes 1048576"));
    } else if (!MessageFormat.isSendable(message.body())) {
      settle(
          job,
          Outcome.Failed.forNow(
              "ResultRefused", "the result has characters that SQS does not take"));
    } else if (job.hold() == null || bytes <= MOST_RECORDED) {
      Ledger.Result inRecord = new Ledger.Result.Text(success.result());
      recorded(
          job,
          new Ledger.End.Succeeded(inRecord, job.attempt(), success.took()),
          () -> results.submit(new Letter(job, message, bytes, null, null)));
    } else {
      Ledger.Result inQueue = new Ledger.Result.Sent();
      results.submit(
          new Letter(
              job,
              message,
              bytes,
              null,
              new Ledger.End.Succeeded(inQueue, job.attempt(), success.took())));
    }
  }

  private void sendResultAgain(Job job, Outcome.SucceededBefore before) {
    switch (before.end().result()) {
      case Ledger.Result.Text text -> {
        Outgoing message = letters.resultAgain(job, text.text(), before);
        int bytes = MessageFormat.size(message.body(), message.attributes());
        results.submit(new Letter(job, message, bytes, null, null));
      }
      case Ledger.Result.Stored stored -> throw new IllegalStateException(stored.pointer());
      case Ledger.Result.Sent _ -> delete(job);
    }
  }

  private void delete(Job job) {
    deletes.submit(new Delete(job, handleOf(job)));
  }

  private void sendDeadLetter(Job job, Outcome.Failed failure) {
    Outgoing message = letters.deadLetter(job, failure);
    deadLetters.submit(
        new Letter(
            job, message, MessageFormat.size(message.body(), message.attributes()), failure, null));
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
    job.again();
    if (groups.retry(job, now + Duration.ofSeconds(job.lease().cutToLimit(delay, now)).toNanos())) {
      listener.willRetry(described, delay);
    } else {
      giveBack(job, Outcome.GivenBack.now("worker stops"));
    }
  }

  private void giveBack(Job job, Outcome.GivenBack back) {
    givenBack.add(job.messageId());
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

  /** As {@link Claims#keep}. */
  void keepClaim(Job job, long now) {
    if (claims != null) {
      claims.keep(job, now);
    }
  }

  /** A receive of this message has ended without an attempt. */
  void countUnrun(String messageId) {
    givenBack.add(messageId);
  }

  /** How many receives of this message ended without an attempt in this worker. */
  int givenBack(String messageId) {
    return givenBack.count(messageId);
  }

  /** True if this worker had a result or a dead letter accepted for this message. */
  boolean isFinished(String messageId) {
    return finished.count(messageId) > 0;
  }

  /** From now on deletes do not linger. */
  void hurry() {
    deletes.hurry();
  }

  WorkListener.JobFailure describe(Job job, Outcome.Failed failure) {
    return new WorkListener.JobFailure(
        job.id(), job.attempt(), failure.type(), letters.errorMessage(failure.message()));
  }

  private static String handleOf(Job job) {
    return job.delivery().receiptHandle();
  }

  /**
   * A result, or a dead letter with its failure.
   *
   * @param end what is to be recorded when it has been sent, if it was too large to be before
   */
  private record Letter(
      Job job,
      Outgoing message,
      int bytes,
      Outcome.@Nullable Failed failure,
      Ledger.End.@Nullable Succeeded end)
      implements GroupCommit.Entry {}

  private record Delete(Job job, String handle) implements GroupCommit.Entry {
    @Override
    public int bytes() {
      return 0;
    }
  }

  private abstract class SendChannel implements GroupCommit.Channel<Letter> {
    private final Outlet outlet;

    SendChannel(Outlet outlet) {
      this.outlet = outlet;
    }

    @Override
    public String action() {
      return "SendMessageBatch";
    }

    @Override
    public String queue() {
      return outlet.name();
    }

    @Override
    public List<Answer> call(List<Letter> batch) throws CallFailed, InterruptedException {
      return outlet.send(batch.stream().map(Letter::message).toList());
    }

    @Override
    public void accepted(Letter letter) {
      finished.add(letter.job().messageId());
      sent(letter);
      if (letter.end() == null) {
        delete(letter.job());
      } else {
        recorded(letter.job(), letter.end(), () -> delete(letter.job()));
      }
    }

    abstract void sent(Letter letter);

    @Override
    public void expired(Letter letter) {
      lost(letter.job());
    }
  }

  private final class ResultChannel extends SendChannel {
    ResultChannel(Outlet results) {
      super(results);
    }

    @Override
    void sent(Letter letter) {
      listener.succeeded(letter.job().id());
    }

    @Override
    public void refused(Letter letter, String code, String message) {
      String type = "ResultRefused";
      String reason = code + ": " + message;
      boolean recorded = letter.job().hold() != null && letter.end() == null;
      settle(
          letter.job(),
          recorded // as a success, which is not run again
              ? Outcome.Failed.forGood(type, reason)
              : Outcome.Failed.forNow(type, reason));
    }
  }

  private final class DeadLetterChannel extends SendChannel {
    DeadLetterChannel(Outlet deadLetters) {
      super(deadLetters);
    }

    @Override
    void sent(Letter letter) {
      suspects.clear(letter.job());
      if (letter.failure() != null) {
        listener.deadLettered(describe(letter.job(), letter.failure()));
      }
    }

    /**
     * What came from SQS can go back to it: the second try is the bare job; what then remains is
     * the queue's own limit.
     */
    @Override
    public void refused(Letter letter, String code, String message) {
      Outgoing bare = letters.bareDeadLetter(letter.job());
      int bytes = MessageFormat.size(bare.body(), bare.attributes());
      deadLetters.later(new Letter(letter.job(), bare, bytes, letter.failure(), null));
    }
  }

  private final class DeleteChannel implements GroupCommit.Channel<Delete> {
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

    @Override
    public void accepted(Delete delete) {
      Job job = delete.job();
      if (delete.handle().equals(handleOf(job))) {
        inHand.remove(job);
        groups.done(job);
      } else {
        deletes.submit(
            new Delete(
                job,
                handleOf(
                    job))); // delivered again meanwhile: only the newest handle is sure to delete
      }
    }

    @Override
    public void refused(Delete delete, String code, String message) {
      delete.job().lease().lose(clock.nanoTime());
      lost(delete.job());
    }

    @Override
    public void expired(Delete delete) {
      lost(delete.job());
    }
  }
}
