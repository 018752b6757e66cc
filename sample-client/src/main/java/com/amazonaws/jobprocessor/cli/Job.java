package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.Printable;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A job to be sent.
 *
 * @param line where its definition stands, from 1
 */
record Job(String id, long line, OutgoingMessage message) {
  /** MessageGroupId and MessageDeduplicationId: 1 to 128 of these (SendMessage, API reference). */
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,128}");

  /** True if the body is a pointer to the payload. */
  boolean isPointer() {
    return PayloadPointer.isPointer(message.attributes());
  }

  int bytes() {
    return MessageFormat.size(message.body(), message.attributes());
  }

  /** The same job with a pointer to its payload instead. */
  Job pointing(String pointer, int payloadBytes) {
    return new Job(
        id,
        line,
        new OutgoingMessage(
            pointer,
            PayloadPointer.mark(message.attributes(), payloadBytes),
            message.group(),
            message.deduplicationId()));
  }

  /** Makes jobs of the lines of one run of the command. */
  static final class Maker {
    private final String prefix;
    private final boolean fifo;
    private final String group;
    private final String run;

    /**
     * For a queue.
     *
     * @param prefix of the jobs' ids: a dash, unless it ends in one, and the line's number follow
     * @param group of all jobs in a FIFO queue; null for one of its own for each
     * @param run is new for each run: SQS drops a job of a FIFO queue that has the deduplication id
     *     of one within five minutes, which a send that is repeated should have and a job of the
     *     next run should not
     */
    Maker(String queue, String prefix, String group, String run) {
      this.prefix = prefix.endsWith("-") ? prefix : prefix + "-";
      this.fifo = SqsQueue.isFifo(queue);
      this.group = group;
      this.run = run;
    }

    /** The ids' common beginning. */
    String prefix() {
      return prefix;
    }

    Job job(long line, String definition) {
      String id = prefix + line;
      return new Job(
          id,
          line,
          new OutgoingMessage(
              definition,
              Map.of(MessageFormat.JOB_ID, Attribute.of(id)),
              !fifo ? null : group == null ? token(id) : group,
              fifo ? token(run + "/" + id) : null));
    }
  }

  /** True if it may be the name of a group. */
  static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  private static String token(String text) {
    return isToken(text) ? text : Printable.sha256(text);
  }
}
