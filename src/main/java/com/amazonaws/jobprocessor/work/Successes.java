package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.work.call.MonotonicClock;
import com.amazonaws.jobprocessor.work.call.WorkThreads;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Settles jobs that have succeeded, now or before: records the result where it fits, then sends it.
 */
final class Successes {
  /**
   * An item of DynamoDB has at most 400 KB (quotas, DynamoDB developer guide); ours has more than
   * the result.
   */
  private static final int MOST_RECORDED = 350_000;

  /** With their growing delays some three hours. */
  private static final int MOST_LOOKS = 12;

  private static final long LOOK = Duration.ofSeconds(1).toNanos();

  /** What a success leads to. */
  interface Steps {
    /** The result cannot be sent. */
    void fail(Job job, Outcome.Failed failure);

    /** Takes the step as soon as the job table knows the end. */
    void recorded(Job job, JobTable.End end, Runnable next);

    /** What was recorded cannot be sent now, and may be later. */
    void giveBack(Job job, Outcome.GivenBack back);

    /** There is nothing to be sent. */
    void delete(Job job);

    /** The lease was over first. */
    void lost(Job job);
  }

  private final Letters letters;
  private final InHand inHand;
  private final WorkThreads threads;
  private final @Nullable PayloadStore store;
  private final Outbox outbox;
  private final Steps steps;
  private final MonotonicClock clock;
  private final Semaphore fetching = new Semaphore(1, true);

  Successes(Settlement.Parts parts, Outbox outbox, Steps steps) {
    this.letters = parts.letters();
    this.inHand = parts.inHand();
    this.threads = parts.threads();
    this.store = parts.store();
    this.outbox = outbox;
    this.steps = steps;
    this.clock = parts.clock();
  }

  /** Records and sends what the executor has returned; returns at once. */
  void settle(Job job, Outcome.Succeeded success) {
    OutgoingMessage message = letters.result(job, success);
    int bytes = Letter.size(message);
    Outcome.Failed refusal = refusalOf(message.body(), bytes);
    if (refusal != null) {
      steps.fail(job, refusal);
      return;
    }
    job.succeeded();
    inHand.weigh(job, 2L * message.body().length());
    PayloadStore bucket = store;
    if (job.hold() == null) {
      sendResult(job, message, bytes);
    } else if (bytes <= MOST_RECORDED) {
      steps.recorded(
          job,
          end(job, success, new JobTable.Result.Text(success.result())),
          () -> sendResult(job, message, bytes));
    } else if (bucket != null) {
      threads.startVirtual("payload", () -> recordInBucket(bucket, job, success, message));
    } else {
      JobTable.End.Succeeded sent = end(job, success, new JobTable.Result.Sent());
      outbox.sendResult(Letter.result(job, message, sent));
    }
  }

  private Outcome.@Nullable Failed refusalOf(String result, int bytes) {
    if (bytes > MessageFormat.MAX_BYTES && store == null) {
      return Outcome.Failed.forNow(
          "ResultTooLarge",
          "the result's message has "
              + bytes
              + " bytes; SQS takes 1048576, and payload_bucket_name is not set");
    }
    if (bytes > Payloads.MAX_BYTES) {
      return Outcome.Failed.forNow("ResultTooLarge", "the result has more than 64 MiB");
    }
    return MessageFormat.isSendable(result)
        ? null
        : Outcome.Failed.forNow(
            "ResultRefused", "the result has characters that SQS does not take");
  }

  private static JobTable.End.Succeeded end(
      Job job, Outcome.Succeeded success, JobTable.Result result) {
    return new JobTable.End.Succeeded(result, job.attempt(), success.took());
  }

  /** The record's copy is never the one that is sent: whoever reads a result deletes its object. */
  private void recordInBucket(
      PayloadStore bucket, Job job, Outcome.Succeeded success, OutgoingMessage message)
      throws InterruptedException {
    String pointer = bucket.store(job, message.body());
    if (pointer == null) {
      steps.lost(job);
    } else {
      steps.recorded(
          job,
          end(job, success, new JobTable.Result.Stored(pointer)),
          () -> sendResult(job, message, Letter.size(message)));
    }
  }

  private void sendResult(Job job, OutgoingMessage message, int bytes) {
    outbox.sendResult(
        bytes <= MessageFormat.MAX_BYTES
            ? Letter.result(job, message, null)
            : Letter.large(job, message));
  }

  /** Sends a result that was recorded before; returns at once. */
  void sendAgain(Job job, Outcome.SucceededBefore before) {
    job.succeeded();
    switch (before.end().result()) {
      case JobTable.Result.Text text -> sendAgain(job, before, text.text());
      case JobTable.Result.Stored stored ->
          threads.startVirtual("payload", () -> sendStoredAgain(job, before, stored.pointer()));
      case JobTable.Result.Sent _ -> steps.delete(job);
    }
  }

  private void sendStoredAgain(Job job, Outcome.SucceededBefore before, String pointer)
      throws InterruptedException {
    PayloadStore bucket = store;
    if (bucket == null) {
      failAgain(job, Outcome.Failed.forGood(Payloads.Unreadable.MISSING, "no payload_bucket_name"));
      return;
    }
    try {
      String text = fetchInTurn(bucket, job, pointer);
      if (text == null) {
        steps.lost(job);
      } else {
        sendAgain(job, before, text);
      }
    } catch (Payloads.Unreadable e) {
      boolean mayBeMended = e.type().equals(Payloads.Unreadable.DENIED); // or it is missing
      if (mayBeMended && job.receiveCount() <= MOST_LOOKS) {
        String reason = "the recorded result cannot be read: " + e.getMessage();
        steps.giveBack(job, new Outcome.GivenBack(reason, PayloadStore.away(job)));
      } else {
        failAgain(job, Outcome.Failed.forGood(e.type(), "the recorded result: " + e.getMessage()));
      }
    }
  }

  /** One at a time, and while there is memory: what it takes is known when it is there. */
  private @Nullable String fetchInTurn(PayloadStore bucket, Job job, String pointer)
      throws Payloads.Unreadable, InterruptedException {
    Optional<String> text = bucket.insist("GetObject", job, () -> fetchNow(bucket, job, pointer));
    return text == null ? null : text.orElse(null);
  }

  private Optional<String> fetchNow(PayloadStore bucket, Job job, String pointer)
      throws Payloads.Unreadable, CallFailed, InterruptedException {
    fetching.acquire();
    try {
      while (!inHand.awaitBytes(LOOK)) {
        if (job.lease().isOver(clock.nanoTime())) {
          return Optional.empty();
        }
      }
      String text = bucket.fetch(pointer);
      inHand.weigh(job, 2L * text.length());
      return Optional.of(text);
    } finally {
      fetching.release();
    }
  }

  /** Its dead letter takes over the job's own object in the bucket. */
  private void failAgain(Job job, Outcome.Failed failure) {
    job.failed();
    steps.fail(job, failure);
  }

  private void sendAgain(Job job, Outcome.SucceededBefore before, @Nullable String text) {
    OutgoingMessage message = letters.resultAgain(job, text, before);
    sendResult(job, message, Letter.size(message));
  }
}
