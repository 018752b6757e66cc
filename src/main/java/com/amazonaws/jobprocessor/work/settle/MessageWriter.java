package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.ThrowableText;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Writes the two kinds of messages that a worker sends: results and dead letters. */
public final class MessageWriter {
  private static final int MAX_ERROR_BYTES = 1024;

  /** More than a pointer to the payload bucket has, with its mark. */
  private static final int MAX_POINTER_BYTES = 4096;

  private static final Set<String> ADDED_TO_DEAD_LETTERS =
      Set.of(
          MessageFormat.JOB_ID,
          MessageFormat.JOB_MESSAGE_ID,
          MessageFormat.WORKER_ID,
          MessageFormat.ATTEMPTS,
          MessageFormat.ERROR_TYPE,
          MessageFormat.ERROR_MESSAGE,
          MessageFormat.BACKLOG);

  private final String workerId;
  private final String backlog;
  private final UnaryOperator<String> redact;

  /**
   * Writes messages of the given worker on the given backlog.
   *
   * @param redact takes the secrets out of what is said in an error
   */
  public MessageWriter(String workerId, String backlog, UnaryOperator<String> redact) {
    this.workerId = MessageFormat.sendable(workerId);
    this.backlog = backlog;
    this.redact = redact;
  }

  /** The message that carries a result; its body may be one that SQS refuses. */
  OutgoingMessage result(Job job, Outcome.Succeeded success) {
    return result(job, success.result(), workerId, job.attempt(), success.took());
  }

  /** The result as a line of a pack. */
  ResultLine resultLine(Job job, Outcome.Succeeded success) {
    String text = success.result();
    return new ResultLine(
        job.id(),
        text == null ? "" : text,
        job.attempt(),
        success.took().toMillis(),
        job.message().id(),
        workerId);
  }

  /** A result's message as a line of a pack. */
  static ResultLine resultLine(OutgoingMessage result) {
    Map<String, Attribute> attributes = result.attributes();
    return new ResultLine(
        text(attributes, MessageFormat.JOB_ID),
        attributes.containsKey(MessageFormat.EMPTY_RESULT) ? "" : result.body(),
        Integer.parseInt(text(attributes, MessageFormat.ATTEMPTS)),
        Long.parseLong(text(attributes, MessageFormat.DURATION_MILLIS)),
        text(attributes, MessageFormat.JOB_MESSAGE_ID),
        text(attributes, MessageFormat.WORKER_ID));
  }

  private static String text(Map<String, Attribute> attributes, String name) {
    return Objects.requireNonNull(Objects.requireNonNull(attributes.get(name)).text());
  }

  /** The message that carries a result which the job table has kept: the same as it was. */
  OutgoingMessage resultAgain(Job job, @Nullable String text, Outcome.SucceededBefore before) {
    return result(job, text, before.workerId(), before.end().attempts(), before.end().took());
  }

  private static OutgoingMessage result(
      Job job, @Nullable String text, String worker, int attempts, Duration took) {
    boolean empty = text == null || text.isEmpty();
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributes.put(MessageFormat.JOB_ID, Attribute.of(job.id()));
    attributes.put(MessageFormat.JOB_MESSAGE_ID, Attribute.of(job.message().id()));
    attributes.put(MessageFormat.WORKER_ID, Attribute.of(worker));
    attributes.put(MessageFormat.ATTEMPTS, Attribute.of(Integer.toString(attempts)));
    attributes.put(MessageFormat.DURATION_MILLIS, Attribute.of(Long.toString(took.toMillis())));
    if (empty) {
      attributes.put(MessageFormat.EMPTY_RESULT, Attribute.of("true"));
    }
    return outgoing(job, text == null || empty ? " " : text, attributes);
  }

  /** What a failure says, fit to be shown: no secret, nothing that SQS refuses, at most 1 KiB. */
  String errorMessage(Outcome.Failed failure) {
    String text = MessageFormat.sendable(redact.apply(failure.message()));
    return ThrowableText.cut(text, MAX_ERROR_BYTES);
  }

  /** The attempt as it is told, in words that are fit to be shown. */
  WorkEvent.FailedAttempt failedAttempt(Job job, Outcome.Failed failure) {
    return new WorkEvent.FailedAttempt(
        job.id(), job.attempt(), failure.type(), errorMessage(failure), failure.trace());
  }

  /**
   * The job's message with what we know of its failure, as far as that fits beside the job's own
   * attributes.
   */
  OutgoingMessage deadLetter(Job job, Outcome.Failed failure) {
    return deadLetter(job, failure, MessageFormat.utf8Length(job.body()), 0);
  }

  /** The same, for a letter whose body is to be stored: there is room for a pointer's mark. */
  OutgoingMessage storedDeadLetter(Job job, Outcome.Failed failure) {
    return deadLetter(job, failure, MAX_POINTER_BYTES, 1);
  }

  private OutgoingMessage deadLetter(
      Job job, Outcome.Failed failure, int bodyBytes, int attributesToCome) {
    OutgoingMessage letter = bareDeadLetter(job);
    int room = MessageFormat.MAX_BYTES - bodyBytes - MessageFormat.size("", letter.attributes());
    int most = MessageFormat.MAX_ATTRIBUTES - attributesToCome;
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
  OutgoingMessage bareDeadLetter(Job job) {
    boolean refusedPack = job.line() == null && PackFormat.isPack(attributesOf(job));
    Map<String, Attribute> attributes = new LinkedHashMap<>();
    attributesOf(job)
        .forEach(
            (name, value) -> {
              if (!ADDED_TO_DEAD_LETTERS.contains(name)
                  && !value.isEmpty()
                  && (refusedPack || !PackFormat.RESERVED.contains(name))) {
                attributes.put(name, value);
              }
            });
    return outgoing(job, job.body(), attributes);
  }

  private static Map<String, Attribute> attributesOf(Job job) {
    return job.message().delivery().attributes();
  }

  /** The most useful first: the last are the first to be left out. */
  private Map<String, String> added(Job job, Outcome.Failed failure) {
    Map<String, String> added = new LinkedHashMap<>();
    added.put(MessageFormat.JOB_ID, job.id());
    String type = MessageFormat.sendable(failure.type()); // a class may have any name
    added.put(MessageFormat.ERROR_TYPE, MessageFormat.cut(type, MAX_ERROR_BYTES));
    added.put(MessageFormat.ERROR_MESSAGE, errorMessage(failure));
    added.put(MessageFormat.BACKLOG, backlog);
    added.put(MessageFormat.ATTEMPTS, Integer.toString(job.attempt()));
    added.put(MessageFormat.JOB_MESSAGE_ID, job.message().id());
    added.put(MessageFormat.WORKER_ID, workerId);
    return added;
  }

  /**
   * For the same group as the job's, if it has one: at most once for each message of the backlog.
   */
  private static OutgoingMessage outgoing(Job job, String body, Map<String, Attribute> attributes) {
    String group = job.message().group();
    return new OutgoingMessage(body, attributes, group, group == null ? null : job.message().id());
  }
}
