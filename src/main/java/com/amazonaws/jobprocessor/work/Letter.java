package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.JobTable;
import org.jspecify.annotations.Nullable;

/**
 * A result or a dead letter on its way.
 *
 * @param large a result that does not fit the message, which then gets a pointer for a body; else
 *     null
 * @param failure of a dead letter, null for a result
 * @param unrecorded what is to be recorded when the result has been sent, if it was too large to be
 *     before; else null
 */
record Letter(
    Job job,
    OutgoingMessage message,
    int bytes,
    @Nullable String large,
    Outcome.@Nullable Failed failure,
    JobTable.End.@Nullable Succeeded unrecorded)
    implements GroupCommit.Entry {

  /** A result that fits a message. */
  static Letter result(
      Job job, OutgoingMessage message, JobTable.End.@Nullable Succeeded unrecorded) {
    return new Letter(job, message, size(message), null, null, unrecorded);
  }

  /** A dead letter. */
  static Letter dead(Job job, OutgoingMessage message, Outcome.Failed failure) {
    return new Letter(job, message, size(message), null, failure, null);
  }

  /** A result whose message has the attributes, and gets its body when it has been stored. */
  static Letter large(Job job, OutgoingMessage message) {
    OutgoingMessage marked =
        new OutgoingMessage(
            "",
            PayloadPointer.mark(message.attributes(), MessageFormat.utf8Length(message.body())),
            message.group(),
            message.deduplicationId());
    return new Letter(job, marked, 0, message.body(), null, null);
  }

  /** The same with another body: a pointer. */
  Letter with(String pointer) {
    OutgoingMessage pointing =
        new OutgoingMessage(
            pointer, message.attributes(), message.group(), message.deduplicationId());
    return new Letter(job, pointing, size(pointing), large, failure, unrecorded);
  }

  /** Before it is recorded a result is sent under the claim only: others may record theirs. */
  @Override
  public boolean isExpired(long now) {
    return unrecorded == null ? job.lease().isOver(now) : !job.isOurs(now);
  }

  /** True if the message has an object in the payload bucket. */
  boolean isPointer() {
    return PayloadPointer.isPointer(message.attributes());
  }

  static int size(OutgoingMessage message) {
    return MessageFormat.size(message.body(), message.attributes());
  }
}
