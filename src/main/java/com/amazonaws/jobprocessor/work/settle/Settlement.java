package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import com.amazonaws.jobprocessor.work.room.Room;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * Settles jobs, on the threads of their messages: into the job table first, if there is one, then
 * result or dead letter; the message is deleted last, so that no job is lost.
 *
 * <table>
 * <caption>If the worker dies</caption>
 * <tr><th>died after …<th>then …<th>with the job table …
 * <tr><td>the receive<td>SQS delivers the job again when its lease is over; the receive counts as an attempt<td>it counts none
 * <tr><td>the claim<td><td>another worker takes the job over after the lease; that costs an attempt if the job may have begun
 * <tr><td>the executor returned<td>the job runs again<td>the same
 * <tr><td>the end was recorded<td><td>the job is delivered again and what was recorded is sent, without a second run
 * <tr><td>the result was accepted<td>the job runs again; a second result has the same {@code job_id}<td>a second result has the same body as well
 * <tr><td>the delete was accepted<td>nothing is missing<td>the same
 * <tr><td>the dead letter was accepted<td>the job fails again; a second dead letter has the same {@code job_id}<td>it is sent again, without a run
 * <tr><td>a retry was announced<td>the job is delivered after its delay<td>the same
 * <tr><td>some results of a pack were accepted<td>all of its jobs run again, without an attempt more<td>those that have ended are not run again
 * <tr><td>the remainder of a pack was accepted<td>the pack is delivered again beside it: its jobs run twice<td>none runs again that has ended
 * </table>
 */
public final class Settlement {
  /**
   * An item of DynamoDB has at most 400 KB (quotas, DynamoDB developer guide); ours has more than
   * the result.
   */
  private static final int MAX_RECORDED_BYTES = 350_000;

  /**
   * From the fourth receive on: a service that is down on several boxes has more than two hours
   * before a job that goes to and fro between them is taken for one that kills its workers.
   */
  private static final Duration UNAVAILABLE_DELAY = Duration.ofMinutes(1);

  private static final Duration MAX_UNAVAILABLE_DELAY = Duration.ofHours(1);

  private final Claims claims;
  private final Outputs outputs;
  private final DeadLetters deadLetters;
  private final RetryPolicy retries;
  private final Room room;
  private final WorkerRuntime runtime;

  /** Settles the jobs of a worker. */
  public Settlement(
      Claims claims, Outputs outputs, RetryPolicy retries, Room room, WorkerRuntime runtime) {
    this.claims = claims;
    this.outputs = outputs;
    this.deadLetters = new DeadLetters(outputs, retries, room, runtime);
    this.retries = retries;
    this.room = room;
    this.runtime = runtime;
  }

  /**
   * Settles a job as far as that goes before its message is dealt with; waits for what it takes.
   */
  public Fate settle(Job job, Outcome outcome) throws InterruptedException {
    return switch (outcome) {
      case Outcome.Succeeded success -> succeed(job, success);
      case Outcome.Failed failure when isForGood(job, failure) -> failForGood(job, failure);
      case Outcome.Failed failure -> failForNow(job, failure);
      case Outcome.GivenBack back -> giveBack(job, back);
      case Outcome.Unavailable _ -> giveBack(job, unavailable(job));
      case Outcome.LeaseOver _ -> lose(job);
      case Outcome.SucceededBefore before -> sendAgain(job, before);
      case Outcome.DeadBefore before -> deadLetters.sendAgain(job, before);
      case Outcome.DoneBefore _ -> Fate.ENDED;
      case Outcome.TakenOver _ -> claimLost(job);
    };
  }

  /** How the jobs of a pack are settled together. */
  public PackSettlement packs() {
    return new PackSettlement(this, outputs, room.inFlight());
  }

  /** Nor can a line of a pack be tried again that has no room for the number of its attempts. */
  boolean isForGood(Job job, Outcome.Failed failure) {
    return failure.permanent()
        || retries.isLast(job.attempt())
        || !RemainderWriter.mayComeAgain(job);
  }

  private Fate succeed(Job job, Outcome.Succeeded success) throws InterruptedException {
    OutgoingMessage result = outputs.writer().result(job, success);
    int bytes = MessageSender.size(result);
    Outcome.Failed refusal = outputs.refusalOf(result.body(), bytes);
    if (refusal != null) {
      return settle(job, refusal);
    }
    job.succeeded(true);
    long heapBytes = 2L * result.body().length();
    room.inFlight().weigh(job.message(), heapBytes);
    try {
      return recordAndSend(job, success, result, bytes);
    } finally {
      room.inFlight().unweigh(job.message(), heapBytes);
    }
  }

  private Fate recordAndSend(Job job, Outcome.Succeeded success, OutgoingMessage result, int bytes)
      throws InterruptedException {
    if (!job.isClaimed()) {
      return sendResult(job, result, false);
    }
    if (bytes <= MAX_RECORDED_BYTES) {
      JobTable.Result text = new JobTable.Result.Text(success.result());
      return claims.record(job, end(job, success, text))
          ? sendResult(job, result, true)
          : claimLost(job);
    }
    return outputs.store().isPresent()
        ? recordInBucketThenSend(job, success, result)
        : sendThenRecord(job, success, result);
  }

  private static JobTable.End.Succeeded end(
      Job job, Outcome.Succeeded success, JobTable.Result result) {
    return new JobTable.End.Succeeded(result, job.attempt(), success.took());
  }

  /** The record's copy is never the one that is sent: whoever reads a result deletes its object. */
  private Fate recordInBucketThenSend(Job job, Outcome.Succeeded success, OutgoingMessage result)
      throws InterruptedException {
    String pointer = outputs.store().store(job.message(), result.body());
    if (pointer == null) {
      return Fate.LOST;
    }
    return claims.record(job, end(job, success, new JobTable.Result.Stored(pointer)))
        ? sendResult(job, result, true)
        : claimLost(job);
  }

  /** It fits nowhere but the results queue. */
  private Fate sendThenRecord(Job job, Outcome.Succeeded success, OutgoingMessage result)
      throws InterruptedException {
    Sent sent = outputs.results().sendUnderClaim(job, result);
    Fate fate = sentResult(job, sent, false);
    return !(sent instanceof Sent.Accepted)
            || claims.record(job, end(job, success, new JobTable.Result.Sent()))
        ? fate
        : claimLost(job);
  }

  private Fate sendResult(Job job, OutgoingMessage result, boolean recorded)
      throws InterruptedException {
    Sent sent =
        MessageSender.size(result) > MessageFormat.MAX_BYTES
            ? outputs.results().sendLarge(job, result)
            : job.message().wantsResultPacks()
                ? sendPacked(job, result)
                : outputs.results().sendOrStore(job, result);
    return sentResult(job, sent, recorded);
  }

  private Sent sendPacked(Job job, OutgoingMessage result) throws InterruptedException {
    String line = MessageWriter.resultLine(result).write();
    ResultPacks.Result packed = new ResultPacks.Result(job, line, () -> result);
    outputs.resultPacks().send(job.message(), List.of(packed));
    return packed.sent();
  }

  Fate sentResult(Job job, Sent sent, boolean recorded) throws InterruptedException {
    return switch (sent) {
      case Sent.Accepted _ -> ended(job);
      case Sent.Refused refused -> {
        job.succeeded(false);
        String reason = refused.code() + ": " + refused.message();
        yield settle(
            job,
            // What is recorded as a success is not run again.
            recorded
                ? Outcome.Failed.forGood("ResultRefused", reason)
                : Outcome.Failed.forNow("ResultRefused", reason));
      }
      case Sent.Expired _, Sent.Unknown _, Sent.GivenUp _ -> Fate.LOST;
    };
  }

  private Fate ended(Job job) {
    room.recent().ended(job);
    runtime.tell(new WorkEvent.Succeeded(job.id()));
    return Fate.ENDED;
  }

  private Fate sendAgain(Job job, Outcome.SucceededBefore before) throws InterruptedException {
    job.succeeded(true);
    return switch (before.end().result()) {
      case JobTable.Result.Text text -> sendAgain(job, before, text.text());
      case JobTable.Result.Sent _ -> Fate.ENDED;
      case JobTable.Result.Stored stored ->
          switch (outputs.stored().fetch(job, stored.pointer())) {
            case StoredResults.Text text -> {
              try {
                yield sendAgain(job, before, text.text());
              } finally {
                room.inFlight().unweigh(job.message(), text.heapBytes());
              }
            }
            case StoredResults.Missing missing -> {
              job.succeeded(false);
              yield settle(job, missing.outcome());
            }
            case StoredResults.LeaseOver _ -> Fate.LOST;
          };
    };
  }

  private Fate sendAgain(Job job, Outcome.SucceededBefore before, @Nullable String text)
      throws InterruptedException {
    return sendResult(job, outputs.writer().resultAgain(job, text, before), true);
  }

  private Fate failForGood(Job job, Outcome.Failed failure) throws InterruptedException {
    JobTable.End end =
        new JobTable.End.Dead(failure.type(), outputs.writer().errorMessage(failure));
    return claims.record(job, end) ? deadLetters.send(job, failure) : claimLost(job);
  }

  private Fate failForNow(Job job, Outcome.Failed failure) throws InterruptedException {
    double random = ThreadLocalRandom.current().nextDouble();
    Duration wanted = retries.delay(job.attempt(), failure.retryAfter(), random);
    Duration delay = job.line() == null ? wanted : Remainders.cut(wanted);
    JobTable.End end =
        new JobTable.End.Failed(failure.type(), outputs.writer().errorMessage(failure), delay);
    if (!claims.record(job, end)) {
      return claimLost(job);
    }
    return new Fate.Retry(
        delay, new WorkEvent.Retried(outputs.writer().failedAttempt(job, failure), delay));
  }

  private Fate giveBack(Job job, Outcome.GivenBack back) throws InterruptedException {
    claims.release(job);
    room.recent().wasNoAttempt(job);
    return new Fate.GoesBack(
        back.delay(), new WorkEvent.GivenBack(job.id(), back.reason(), back.ran()));
  }

  /**
   * At once, for another box to run it. One that has been to and fro comes later each time: other
   * workers cannot know that its receives were no attempts.
   */
  private static Outcome.GivenBack unavailable(Job job) {
    int receives = job.message().receiveCount();
    Duration delay =
        receives <= 3
            ? Duration.ZERO
            : Durations.doubled(UNAVAILABLE_DELAY, receives - 4, MAX_UNAVAILABLE_DELAY);
    return new Outcome.GivenBack("the executor is unavailable", delay);
  }

  /**
   * Somebody else has the job, or has cancelled it. Its neighbours in a pack are still ours: it
   * goes back beside them, and the table knows what is to become of it.
   */
  private Fate claimLost(Job job) {
    return job.message().isPackOfSeveral() && !job.message().lease().isOver(runtime.now())
        ? new Fate.GoesBack(
            Duration.ZERO, new WorkEvent.GivenBack(job.id(), "its claim is lost", null))
        : Fate.LOST;
  }

  private Fate lose(Job job) throws InterruptedException {
    room.recent().wasNoAttempt(job);
    claims.release(job);
    return Fate.LOST;
  }

  /** Messages that wait to be sent. */
  public int waiting() {
    return outputs.results().waiting() + outputs.deadLetters().waiting();
  }
}
