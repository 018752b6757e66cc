package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.aws.SqsQueue;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.Printable;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A job to be sent.
 *
 * @param line where its definition stands, or how many were before it: from 1
 */
public record Job(String id, long line, OutgoingMessage message) {
  /** MessageGroupId and MessageDeduplicationId: 1 to 128 of these (SendMessage, API reference). */
  private static final Pattern TOKEN = Pattern.compile("[!-~]{1,128}");

  /** True if the body is a pointer to the payload. */
  public boolean isPointer() {
    return PayloadPointer.isPointer(message.attributes());
  }

  /** What counts towards SQS's limit. */
  public int bytes() {
    return MessageFormat.size(message.body(), message.attributes());
  }

  /** What is left to tell of a job when it is on its way: its definition takes no memory. */
  public Job withoutBody() {
    return new Job(id, line, message.withBody(""));
  }

  /** The same job with a pointer to its payload instead. */
  public Job pointing(String pointer, int payloadBytes) {
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
  public static final class Maker {
    private final String prefix;
    private final boolean fifo;
    private final @Nullable String group;
    private final String run;
    private final boolean sameIdIsSameJob;

    /**
     * For a queue.
     *
     * @param prefix of the jobs' ids: a dash, unless it ends in one, and the line's number follow
     * @param group of all jobs in a FIFO queue; null for one of its own for each
     * @param run is new for each run: SQS drops a job of a FIFO queue that has the deduplication id
     *     of one within five minutes, which a send that is repeated should have and a job of the
     *     next run should not
     * @param sameIdIsSameJob false if jobs that are handed over one after the other with the same
     *     id are several, of which SQS is to drop none: then no two lines have the same
     *     deduplication id
     */
    public Maker(
        String queue, String prefix, @Nullable String group, String run, boolean sameIdIsSameJob) {
      this.prefix = prefix.endsWith("-") ? prefix : prefix + "-";
      this.fifo = SqsQueue.isFifo(queue);
      this.group = group;
      this.run = run;
      this.sameIdIsSameJob = sameIdIsSameJob;
    }

    /** The ids' common beginning. */
    public String prefix() {
      return prefix;
    }

    /** The job of a line, whose id is made of it. */
    public Job job(long line, String definition) {
      return job(line, prefix + line, group, definition);
    }

    /**
     * A job with an id of its own.
     *
     * @param ownGroup in a FIFO queue; null for one of its own
     */
    public Job job(long line, String id, @Nullable String ownGroup, String definition) {
      return new Job(
          id,
          line,
          new OutgoingMessage(
              definition,
              Map.of(MessageFormat.JOB_ID, Attribute.of(id)),
              !fifo ? null : ownGroup == null ? token(id) : ownGroup,
              fifo ? token(run + (sameIdIsSameJob ? "/" : "/" + line + "/") + id) : null));
    }
  }

  /** True if it may be the name of a group. */
  public static boolean isToken(String text) {
    return TOKEN.matcher(text).matches();
  }

  private static String token(String text) {
    return isToken(text) ? text : Printable.sha256(text);
  }
}
