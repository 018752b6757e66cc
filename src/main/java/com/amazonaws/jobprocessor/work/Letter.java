package com.amazonaws.jobprocessor.work;

import org.jspecify.annotations.Nullable;

/**
 * A result or a dead letter on its way.
 *
 * @param large a body that does not fit the message, which then gets a pointer for one; else null
 * @param failure of a dead letter, null for a result
 * @param unrecorded what is to be recorded when the result has been sent, if it was too large to be
 *     before; else null
 * @param since when it was written
 */
record Letter(
    Job job,
    Outgoing message,
    int bytes,
    @Nullable String large,
    Outcome.@Nullable Failed failure,
    Ledger.End.@Nullable Succeeded unrecorded,
    long since)
    implements GroupCommit.Entry {

  /** A result that fits a message. */
  static Letter result(Job job, Outgoing message, Ledger.End.@Nullable Succeeded unrecorded) {
    return new Letter(job, message, size(message), null, null, unrecorded, 0);
  }

  /** A dead letter. */
  static Letter dead(Job job, Outgoing message, Outcome.Failed failure, long now) {
    return new Letter(job, message, size(message), null, failure, null, now);
  }

  /** A result whose message has the attributes, and gets its body when it has been stored. */
  static Letter large(Job job, Outgoing message) {
    return new Letter(job, marked(message), 0, message.body(), null, null, 0);
  }

  /** A dead letter whose message has the attributes, and gets its body when it has been stored. */
  static Letter largeDead(Job job, Outgoing message, Outcome.Failed failure, long now) {
    return new Letter(job, marked(message), 0, message.body(), failure, null, now);
  }

  private static Outgoing marked(Outgoing message) {
    return new Outgoing(
        "",
        PayloadPointer.mark(message.attributes(), MessageFormat.utf8Length(message.body())),
        message.group(),
        message.deduplicationId());
  }

  /** The same with another body: a pointer. */
  Letter with(String pointer) {
    Outgoing pointing =
        new Outgoing(pointer, message.attributes(), message.group(), message.deduplicationId());
    return new Letter(job, pointing, size(pointing), large, failure, unrecorded, since);
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

  /** True if it has an object in the payload bucket that was made for it alone. */
  boolean hasObjectOfItsOwn() {
    return isPointer() && !message.body().equals(job.delivery().body());
  }

  static int size(Outgoing message) {
    return MessageFormat.size(message.body(), message.attributes());
  }
}
