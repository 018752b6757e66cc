package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Which ends of jobs a callback has had, by digests of what they say: a bounded number of them, the
 * oldest forgotten first. Safe for use by several threads.
 */
final class HandedOver {
  /** How an end stands. */
  enum Standing {
    /** Nobody has had it: it is the caller's now. */
    NEW,
    /** Another thread hands it over at this moment. */
    IN_HAND,
    /** The callback has had it. */
    DONE
  }

  /** The marks of ends that are in hand. */
  private final Set<String> inHand = new HashSet<>();

  /** The marks of ends that the callback has had, and these ends, the oldest first. */
  private final Set<String> done = new HashSet<>();

  private final ArrayDeque<List<String>> ends = new ArrayDeque<>();
  private final int max;

  HandedOver(int max) {
    this.max = max;
  }

  /**
   * What a result is known by. Copies of one that SQS or a worker's death makes say the same job
   * message. What the job table has kept and a worker sends again for another message of the job
   * says the same worker, attempts and duration. Another run of a job with the same id and the same
   * answer is neither, unless it was that worker's and took as many milliseconds.
   *
   * @param body what the result says, or the pointer to it
   */
  static List<String> marks(JobResult result, String body) {
    List<String> marks = new ArrayList<>();
    if (!result.jobMessageId().isEmpty()) {
      marks.add(mark(result.jobId(), body, "message", result.jobMessageId()));
    }
    if (!result.workerId().isEmpty()) {
      marks.add(
          mark(
              result.jobId(),
              body,
              result.workerId(),
              result.attempts() + '/' + result.durationMillis()));
    }
    return marks.isEmpty() ? List.of(mark(result.jobId(), body)) : marks;
  }

  /**
   * What a dead letter, or a job of one that is a pack, is known by: a job that was sent back and
   * has failed again has died of another message.
   */
  static List<String> marks(Delivery letter, JobEnd end) {
    return List.of(
        mark(end.jobId(), end.body(), Messages.text(letter, MessageFormat.JOB_MESSAGE_ID)));
  }

  private static String mark(String... parts) {
    StringBuilder all = new StringBuilder();
    for (String part : parts) {
      all.append(part.length()).append('/').append(part);
    }
    return Printable.sha256(all.toString()).substring(0, 32);
  }

  /**
   * Asks for an end; if it is new it is the caller's until {@link #ended}.
   *
   * @param marks any of which tells that it is the same
   */
  synchronized Standing begin(List<String> marks) {
    if (marks.stream().anyMatch(done::contains)) {
      return Standing.DONE;
    }
    if (marks.stream().anyMatch(inHand::contains)) {
      return Standing.IN_HAND;
    }
    inHand.addAll(marks);
    return Standing.NEW;
  }

  /** The callback has returned, or has thrown: then whoever meets the end again may have it. */
  synchronized void ended(List<String> marks, boolean returned) {
    marks.forEach(inHand::remove);
    if (returned) {
      done.addAll(marks);
      ends.add(marks);
      if (ends.size() > max) {
        ends.remove().forEach(done::remove);
      }
    }
  }
}
