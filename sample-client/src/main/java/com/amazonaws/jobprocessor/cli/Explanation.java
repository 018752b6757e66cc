package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.aws.SqsQueues;
import com.amazonaws.jobprocessor.client.Enqueuer;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** Why a job does not run, in sentences. */
final class Explanation {
  /** What workers allow each other's clocks: see aws.DynamoJobTable. */
  private static final Duration SKEW = Duration.ofMinutes(1);

  private final QueueLook.Seen backlog;
  private final String deadLetterOption;
  private final Instant now;

  /**
   * Of one moment.
   *
   * @param deadLetterOption the option that names the dead-letter queue, a blank before it; empty
   *     if it was not given: the record does not say which the worker has
   */
  Explanation(QueueLook.Seen backlog, String deadLetterOption, Instant now) {
    this.backlog = backlog;
    this.deadLetterOption = deadLetterOption;
    this.now = now;
  }

  /**
   * The sentences.
   *
   * @param record null if the job has none
   * @param heldUntil until when the worker's claim holds, or the job is not tried again; or null
   */
  List<String> of(JobRecord record, Instant heldUntil) {
    List<String> words = new ArrayList<>();
    if (record == null) {
      words.add(
          "No worker has received it yet, or there is no such job, or workers and this command have"
              + " different job tables or backlog queues.");
      words.add(waiting());
      return words;
    }
    switch (record.state()) {
      case "QUEUED" -> {
        words.add(
            record.origin().messageId().isEmpty()
                ? "It was submitted"
                    + at(record.origin().queuedAt())
                    + "; no worker has received it yet."
                : "A worker has given it back, without an attempt.");
        words.add(waiting());
        Instant queued = record.origin().queuedAt();
        if (record.origin().messageId().isEmpty()
            && queued != null
            && now.isAfter(queued.plus(Enqueuer.LONGEST_SEND))) {
          words.add(
              "If its sender died before it was sent, sample-client repair sends it, with all others"
                  + " like it.");
        }
      }
      case "RUNNING" -> running(words, record, heldUntil);
      case "FAILED" -> {
        words.add(
            "Attempt %s failed%s: %s."
                .formatted(record.attempts(), at(record.finishedAt()), error(record)));
        words.add(again(heldUntil));
        words.add(waiting());
      }
      case "SUCCEEDED" ->
          words.add("It has ended with a result%s.".formatted(at(record.finishedAt())));
      case "DEAD" -> {
        words.add(
            "It failed for good%s, after %s: %s."
                .formatted(
                    at(record.finishedAt()),
                    Text.count(record.attempts(), "attempt"),
                    error(record)));
        words.add(
            "Its dead letter went to the worker's dead-letter queue;"
                + " sample-client dead-letters send-back"
                + deadLetterOption
                + " runs it again.");
      }
      case "CANCELLED" ->
          words.add(
              "It was cancelled%s: a worker that receives it deletes its message."
                  .formatted(at(record.finishedAt())));
      default ->
          words.add(
              "Its state is one that this version does not know; workers of this version leave it"
                  + " alone.");
    }
    return words;
  }

  private String again(Instant retryAt) {
    if (retryAt != null && !now.isBefore(retryAt)) {
      return "It may be tried again since " + second(retryAt) + ": it needs a free slot.";
    }
    return "It will be tried again: its message is hidden until "
        + (retryAt == null ? "the worker's retry delay is over" : second(retryAt))
        + ", then it needs a free slot.";
  }

  private void running(List<String> words, JobRecord record, Instant leaseEnd) {
    words.add(
        "Attempt %s runs on %s%s.".formatted(record.attempts(), record.workerId(), since(record)));
    if (leaseEnd == null) {
      return;
    }
    if (now.isBefore(leaseEnd.plus(SKEW))) {
      words.add(
          "The worker's claim holds until " + second(leaseEnd) + ", and is renewed while it runs.");
    } else {
      words.add(
          "But its claim has ended, at "
              + second(leaseEnd)
              + ", without a renewal: the worker is taken for dead, and the next one that receives"
              + " the message takes the job over.");
      words.add(waiting());
    }
  }

  /** What is before it in the queue. */
  private String waiting() {
    SqsQueues.Counts counts = backlog.counts();
    if (counts == null) {
      return "How many jobs wait in \"" + backlog.name() + "\" is not known.";
    }
    return "In \"%s\" about %s, %s in flight with workers, %s delayed."
        .formatted(
            backlog.name(),
            counts.waiting() == 1 ? "1 message waits" : counts.waiting() + " messages wait",
            counts.inFlight(),
            counts.delayed());
  }

  private static String error(JobRecord record) {
    return record.errorType()
        + (record.errorMessage().isEmpty() ? "" : ": " + record.errorMessage());
  }

  private String since(JobRecord record) {
    Instant started = record.startedAt();
    return started == null
        ? ""
        : " since " + second(started) + " (" + Duration.between(started, now).toSeconds() + " s)";
  }

  private static String at(Instant time) {
    return time == null ? "" : " at " + second(time);
  }

  private static String second(Instant time) {
    return time.truncatedTo(ChronoUnit.SECONDS).toString();
  }
}
