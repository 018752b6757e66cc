package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.message.ThrowableText;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.UnaryOperator;

/**
 * The last failures by kind, which is their type: of each of the last twenty kinds the last five
 * jobs. Safe for use by several threads.
 */
public final class LastFailures {
  static final int MAX_KINDS = 20;
  static final int MAX_JOBS = 5;
  private static final int MAX_TEXT_BYTES = 1024;

  private final UnaryOperator<String> redact;
  private final SequencedMap<String, Kind> kinds = new LinkedHashMap<>();

  private static final class Kind {
    private final Deque<FailedJob> jobs = new ArrayDeque<>();
    private String message = "";
    private long retried;
    private long deadLettered;
    private long lettersRefused;
  }

  /** What has become of a job after a failed attempt. */
  public enum After {
    /** It is to be tried again. */
    RETRIED,
    /** It has failed for good, and is in the dead-letter queue. */
    DEAD_LETTERED,
    /**
     * It has failed for good, the dead-letter queue refuses it, and it goes back to the backlog.
     */
    LETTER_REFUSED
  }

  /**
   * A job whose attempt has failed.
   *
   * @param attempt its number, from 1
   * @param after what became of the job
   */
  public record FailedJob(String id, int attempt, After after, Instant at) {}

  /**
   * Failures of one kind.
   *
   * @param type the class of what the executor threw, or a name of ours
   * @param message of the last one, without secrets, at most 1 KiB
   * @param retried after how many of them the job was tried again
   * @param deadLettered how many of them were for good
   * @param lettersRefused how often a dead letter was refused that tells of one of them
   * @param jobs the last ones, newest first
   */
  public record FailureKind(
      String type,
      String message,
      long retried,
      long deadLettered,
      long lettersRefused,
      List<FailedJob> jobs) {}

  /**
   * None so far.
   *
   * @param redact takes secrets out of what executors say, before it is cut
   */
  public LastFailures(UnaryOperator<String> redact) {
    this.redact = redact;
  }

  /** An attempt has failed. */
  void add(FailedAttempt failure, After after, Instant at) {
    String type = ThrowableText.cut(failure.type(), MAX_TEXT_BYTES);
    String message = ThrowableText.cut(redact.apply(failure.message()), MAX_TEXT_BYTES);
    FailedJob job = new FailedJob(failure.jobId(), failure.attempt(), after, at);
    synchronized (this) {
      // Taken out and put in again: the kind that has not been met for longest is the first.
      Kind kind = kinds.remove(type);
      if (kind == null) {
        kind = new Kind();
      }
      kinds.put(type, kind);
      if (kinds.size() > MAX_KINDS) {
        kinds.pollFirstEntry();
      }
      kind.message = message;
      // A dead letter that is refused is tried again and again: its job has one place.
      kind.jobs.removeIf(
          last -> last.after() == After.LETTER_REFUSED && last.id().equals(job.id()));
      kind.jobs.addFirst(job);
      if (kind.jobs.size() > MAX_JOBS) {
        kind.jobs.removeLast();
      }
      switch (after) {
        case RETRIED -> kind.retried++;
        case DEAD_LETTERED -> kind.deadLettered++;
        case LETTER_REFUSED -> kind.lettersRefused++;
      }
    }
  }

  /** The kinds, the last met first. */
  synchronized List<FailureKind> now() {
    List<FailureKind> all = new ArrayList<>();
    kinds.forEach(
        (type, kind) ->
            all.add(
                new FailureKind(
                    type,
                    kind.message,
                    kind.retried,
                    kind.deadLettered,
                    kind.lettersRefused,
                    List.copyOf(kind.jobs))));
    return List.copyOf(all.reversed());
  }
}
