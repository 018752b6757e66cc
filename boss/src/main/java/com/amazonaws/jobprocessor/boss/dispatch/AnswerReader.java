package com.amazonaws.jobprocessor.boss.dispatch;

import com.amazonaws.jobprocessor.boss.store.Answer;
import com.amazonaws.jobprocessor.boss.store.Answers;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads results and dead letters, alone in their messages or in packs. */
final class AnswerReader {
  private static final int MAX_DIGITS = 9;

  /** What a dead letter without a type is called. */
  private static final String UNKNOWN_ERROR = "Unknown";

  private final String queue;
  private final boolean letters;
  private final List<Answer> answers;
  private final List<Answers.Stray> strays;

  /**
   * Adds what it reads to the lists.
   *
   * @param letters true if the queue is that of dead letters
   */
  AnswerReader(String queue, boolean letters, List<Answer> answers, List<Answers.Stray> strays) {
    this.queue = queue;
    this.letters = letters;
    this.answers = answers;
    this.strays = strays;
  }

  void read(Delivery message) {
    if (!PackFormat.isPack(message.attributes())) {
      answers.add(single(message));
    } else if (!PackFormat.isKnownPack(message.attributes())) {
      strays.add(new Answers.Stray(single(message), "it is a pack of an unknown version"));
    } else if (PayloadPointer.isPointer(message.attributes())) {
      strays.add(new Answers.Stray(single(message), "it is a pack in S3"));
    } else {
      pack(message);
    }
  }

  private void pack(Delivery message) {
    List<PackLine> lines = PackLine.split(message.body());
    if (lines.isEmpty()) {
      strays.add(new Answers.Stray(single(message), "it is a pack without a line"));
    }
    for (PackLine line : lines) {
      try {
        answers.add(letters ? letter(message, line) : result(message, line));
      } catch (UnreadableLine e) {
        Answer raw =
            answer(message, line.number(), "", line.text(), letters ? UNKNOWN_ERROR : null);
        strays.add(new Answers.Stray(raw, "line " + line.number() + ": " + e.getMessage()));
      }
    }
  }

  private Answer result(Delivery message, PackLine line) throws UnreadableLine {
    ResultLine result = ResultLine.read(line.text());
    return new Answer(
        source(message, line.number()),
        result.jobId(),
        result.workerId(),
        result.attempts(),
        result.durationMillis(),
        result.jobMessageId(),
        result.body(),
        false,
        null,
        null);
  }

  /** A pack that no worker would run is a letter as a whole. */
  private Answer letter(Delivery message, PackLine line) throws UnreadableLine {
    JobLine job = JobLine.read(line.text());
    String id = job.jobId();
    return answer(
        message,
        line.number(),
        id == null ? "" : id,
        job.body(),
        text(message, MessageFormat.ERROR_TYPE));
  }

  private Answer single(Delivery message) {
    boolean empty = text(message, MessageFormat.EMPTY_RESULT).equals("true");
    return answer(
        message,
        0,
        text(message, MessageFormat.JOB_ID),
        empty ? "" : message.body(),
        letters ? text(message, MessageFormat.ERROR_TYPE) : null);
  }

  private Answer answer(
      Delivery message, int line, String jobId, String body, @Nullable String errorType) {
    return new Answer(
        source(message, line),
        jobId,
        text(message, MessageFormat.WORKER_ID),
        number(text(message, MessageFormat.ATTEMPTS)),
        number(text(message, MessageFormat.DURATION_MILLIS)),
        text(message, MessageFormat.JOB_MESSAGE_ID),
        body,
        PayloadPointer.isPointer(message.attributes()),
        errorType == null || !errorType.isEmpty() ? errorType : UNKNOWN_ERROR,
        letters ? text(message, MessageFormat.ERROR_MESSAGE) : null);
  }

  private Answer.Source source(Delivery message, int line) {
    Long sentAt = message.sentAtMillis();
    return new Answer.Source(
        queue, message.messageId(), line, sentAt == null ? null : Instant.ofEpochMilli(sentAt));
  }

  private static String text(Delivery message, String name) {
    Attribute attribute = message.attributes().get(name);
    return attribute == null || attribute.text() == null ? "" : attribute.text();
  }

  private static int number(String text) {
    boolean isNumber =
        !text.isEmpty()
            && text.length() <= MAX_DIGITS
            && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Integer.parseInt(text) : 0;
  }
}
