package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes the two kinds of messages that a worker sends: results and dead letters. */
final class Letters {
  private static final int LONGEST_ERROR = 1024;

  /** More than bucket and key, of 63 and 1,024 characters, and the mark. */
  private static final int LONGEST_POINTER = 2048;

  private static final Set<String> ADDED_TO_DEAD_LETTERS =
      Set.of(
          MessageFormat.JOB_ID,
          MessageFormat.JOB_MESSAGE_ID,
          MessageFormat.WORKER_ID,
          MessageFormat.ATTEMPTS,
          MessageFormat.ERROR_TYPE,
          MessageFormat.ERROR_MESSAGE);

  private final String workerId;
  private final UnaryOperator<String> redact;

  /**
   * Letters of the given worker; whatever an executor says in an error goes through {@code redact}
   * first.
   */
  Letters(String workerId, UnaryOperator<String> redact) {
    this.workerId = MessageFormat.sendable(workerId);
    this.redact = redact;
  }

  /** The message that carries a result; its body may be one that SQS refuses. */
  Outgoing result(Job job, Outcome.Succeeded success) {
    return result(job, success.result(), workerId, job.attempt(), success.took());
  }

  /** The message that carries a result which the job table has kept: the same as it was. */
  Outgoing resultAgain(Job job, @Nullable String text, Outcome.SucceededBefore before) {
    return result(job, text, before.workerId(), before.end().attempts(), before.end().took());
  }

  private static Outgoing result(
      Job job, @Nullable String text, String worker, int attempts, Duration took) {
    boolean empty = text == null || text.isEmpty();
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put(MessageFormat.JOB_ID, Attribute.of(job.id()));
    attributes.put(MessageFormat.JOB_MESSAGE_ID, Attribute.of(job.messageId()));
    attributes.put(MessageFormat.WORKER_ID, Attribute.of(worker));
    attributes.put(MessageFormat.ATTEMPTS, Attribute.of(Integer.toString(attempts)));
    attributes.put(MessageFormat.DURATION_MILLIS, Attribute.of(Long.toString(took.toMillis())));
    if (empty) {
      attributes.put(MessageFormat.EMPTY_RESULT, Attribute.of("true"));
    }
    return Outgoing.of(job, text == null || empty ? " " : text, attributes);
  }

  /**
   * What an executor's exception says, fit to be shown: no secret, nothing that SQS refuses, at
   * most 1 KiB.
   */
  String errorMessage(String message) {
    return MessageFormat.cut(MessageFormat.sendable(redact.apply(message)), LONGEST_ERROR);
  }

  /**
   * The job's message with what we know of its failure, as far as that fits beside the job's own
   * attributes.
   */
  Outgoing deadLetter(Job job, Outcome.Failed failure) {
    return deadLetter(job, failure, job.delivery().body(), MessageFormat.MAX_ATTRIBUTES);
  }

  /** The same, for a letter whose body is to be stored: there is room for a pointer's mark. */
  Outgoing storedDeadLetter(Job job, Outcome.Failed failure) {
    return deadLetter(job, failure, " ".repeat(LONGEST_POINTER), MessageFormat.MAX_ATTRIBUTES - 1);
  }

  private Outgoing deadLetter(Job job, Outcome.Failed failure, String body, int most) {
    Outgoing letter = bareDeadLetter(job);
    int room = MessageFormat.MAX_BYTES - MessageFormat.size(body, letter.attributes());
    for (Map.Entry<String, String> added : added(job, failure).entrySet()) {
      Attribute value = Attribute.of(added.getValue());
      int size = value.size(added.getKey());
      if (!value.isEmpty() && size <= room && letter.attributes().size() < most) {
        letter.attributes().put(added.getKey(), value);
        room -= size;
      }
    }
    return letter;
  }

  /**
   * The job's message alone, without what a former failure added: for a queue that refuses the full
   * letter.
   */
  Outgoing bareDeadLetter(Job job) {
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    job.delivery()
        .attributes()
        .forEach(
            (name, value) -> {
              if (!ADDED_TO_DEAD_LETTERS.contains(name) && !value.isEmpty()) {
                attributes.put(name, value);
              }
            });
    return Outgoing.of(job, job.delivery().body(), attributes);
  }

  /** The most useful first: the last are the first to be left out. */
  private Map<String, String> added(Job job, Outcome.Failed failure) {
    Map<String, String> added = new LinkedHashMap<>();
    added.put(MessageFormat.JOB_ID, job.id());
    added.put(MessageFormat.ERROR_TYPE, MessageFormat.cut(failure.type(), LONGEST_ERROR));
    added.put(MessageFormat.ERROR_MESSAGE, errorMessage(failure.message()));
    added.put(MessageFormat.ATTEMPTS, Integer.toString(job.attempt()));
    added.put(MessageFormat.JOB_MESSAGE_ID, job.messageId());
    added.put(MessageFormat.WORKER_ID, workerId);
    return added;
  }
}
