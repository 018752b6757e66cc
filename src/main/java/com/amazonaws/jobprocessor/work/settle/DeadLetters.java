package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.work.call.Durations;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.job.RetryPolicy;
import com.amazonaws.jobprocessor.work.room.Room;
import java.time.Duration;

/** Sends dead letters, and gives the jobs back whose dead letters are refused. */
final class DeadLetters {
  private static final Duration FIRST_REFUSED_DELAY = Duration.ofSeconds(30);
  private static final Duration MAX_REFUSED_DELAY = Duration.ofHours(1);

  private final Outputs outputs;
  private final RetryPolicy retries;
  private final Room room;
  private final WorkerRuntime runtime;

  DeadLetters(Outputs outputs, RetryPolicy retries, Room room, WorkerRuntime runtime) {
    this.outputs = outputs;
    this.retries = retries;
    this.room = room;
    this.runtime = runtime;
  }

  /** Sends the dead letter of a job that has failed for good. */
  Fate send(Job job, Outcome.Failed failure) throws InterruptedException {
    return send(job, failure, false);
  }

  /** Sends the dead letter whose failure is on record; the queue may have a copy. */
  Fate sendAgain(Job job, Outcome.DeadBefore before) throws InterruptedException {
    return send(job, Outcome.Failed.forGood(before.type(), before.message()), true);
  }

  /**
   * What came from SQS can go back to it: if the dead letter is refused, the second try is the bare
   * job. What then remains is the queue's own limit, which a pointer to the payload bucket may
   * keep.
   */
  private Fate send(Job job, Outcome.Failed failure, boolean again) throws InterruptedException {
    OutgoingMessage letter = outputs.writer().deadLetter(job, failure);
    OutgoingMessage bare = outputs.writer().bareDeadLetter(job);
    Sent sent = send(job, letter, again);
    if (sent instanceof Sent.Refused && !bare.attributes().equals(letter.attributes())) {
      sent = send(job, bare, again);
    }
    if (sent instanceof Sent.Refused && mayBeStored(job, bare)) {
      sent = outputs.deadLetters().sendLarge(job, outputs.writer().storedDeadLetter(job, failure));
    }
    return switch (sent) {
      case Sent.Accepted _ -> ended(job, failure);
      case Sent.Refused no -> refused(job, failure, no.code(), no.message());
      case Sent.GivenUp no -> refused(job, failure, no.code(), no.message());
      case Sent.Expired _, Sent.Unknown _ -> Fate.LOST;
    };
  }

  private Sent send(Job job, OutgoingMessage letter, boolean again) throws InterruptedException {
    return job.message().isPointer() && outputs.store().isPresent()
        ? outputs.deadLetters().sendOwnPointer(job, letter, again)
        : outputs.deadLetters().send(job, letter);
  }

  private boolean mayBeStored(Job job, OutgoingMessage bare) {
    return outputs.store().isPresent()
        && !job.message().isPointer()
        && bare.attributes().size() < MessageFormat.MAX_ATTRIBUTES;
  }

  private Fate ended(Job job, Outcome.Failed failure) {
    room.suspects().clear(job);
    room.recent().ended(job);
    runtime.tell(new WorkEvent.DeadLettered(outputs.writer().failedAttempt(job, failure)));
    return Fate.ENDED;
  }

  /** It goes back, ever later, so that it holds no place that others could have. */
  private Fate refused(Job job, Outcome.Failed failure, String code, String words) {
    int before = room.recent().unsent(job, failure);
    int tries = job.message().receiveCount() - 1 - retries.retries();
    if (job.line() != null) {
      // The receives begin at 1 again in the next pack; what its line tells goes with it.
      tries = Math.max(tries, Math.max(before, job.attempt() - 1 - retries.retries()));
    }
    Duration delay = Durations.doubled(FIRST_REFUSED_DELAY, tries, MAX_REFUSED_DELAY);
    room.recent().wasNoAttempt(job);
    return new Fate.GoesBack(
        delay,
        new WorkEvent.DeadLetterRefused(
            outputs.writer().failedAttempt(job, failure),
            outputs.deadLetterQueue(),
            code,
            words,
            delay),
        job.flaw() == null);
  }
}
