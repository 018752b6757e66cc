package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.Enqueuer;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.util.List;
import java.util.Optional;

/** Where payloads are that do not fit a message, if the user has named a bucket. */
final class Bucket {
  /** Why a payload cannot be stored or fetched. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason);
    }
  }

  private final Payloads payloads;
  private final Retry retry;

  /** True if others store what is sent, and put all else into the job table. */
  private final boolean recorded;

  Bucket(Payloads payloads, Retry retry) {
    this(payloads, retry, false);
  }

  private Bucket(Payloads payloads, Retry retry, boolean recorded) {
    this.payloads = payloads;
    this.retry = retry;
    this.recorded = recorded;
  }

  /** The same for jobs that {@link Enqueuer} records, and whose payloads it stores. */
  Bucket ofRecorded() {
    return new Bucket(payloads, retry, true);
  }

  static Bucket none() {
    return new Bucket(null, null);
  }

  /** True if the user has named one. */
  boolean isNamed() {
    return payloads != null;
  }

  /** The largest definition that may be sent, in bytes. */
  int largest() {
    return payloads == null ? MessageFormat.MAX_BYTES : Payloads.MAX_BYTES;
  }

  /** True if the job is not too large: of one in the bucket only the definition counts. */
  boolean takes(Job job) {
    return needsNoBucket(job)
        || (payloads != null
            && MessageFormat.utf8Length(job.message().body()) <= Payloads.MAX_BYTES);
  }

  /** In UTF-16 a text of so many characters may need the bucket; a shorter one never does. */
  int longestWithout() {
    return (recorded ? Enqueuer.MAX_RECORDED_BYTES : MessageFormat.MAX_BYTES) / 4;
  }

  private boolean needsNoBucket(Job job) {
    return job.bytes() <= MessageFormat.MAX_BYTES
        && (!recorded
            || MessageFormat.utf8Length(job.message().body()) <= Enqueuer.MAX_RECORDED_BYTES);
  }

  /** True if the job's payload has to be stored before it is sent. */
  boolean isToStore(Job job) {
    return !recorded && job.bytes() > MessageFormat.MAX_BYTES;
  }

  /** What is wrong with one that is larger. */
  String tooLarge() {
    if (payloads == null && recorded) {
      return "is longer than 48 KiB, the most that the job table takes; --payload-bucket takes 64 MiB";
    }
    return payloads == null
        ? "is longer than 1 MiB with its id, the most that SQS takes; --payload-bucket takes 64 MiB"
        : "is longer than 64 MiB, the largest payload";
  }

  /** Stores what the job says; returns the job with a pointer to it instead. */
  Job store(Job job) throws Unusable, InterruptedException {
    String body = job.message().body();
    int bytes = MessageFormat.utf8Length(body);
    if (payloads == null || bytes > Payloads.MAX_BYTES) {
      throw new Unusable(tooLarge());
    }
    try {
      return job.pointing(retry.call(() -> payloads.store(body)), bytes);
    } catch (CallFailed e) {
      throw new Unusable("could not be put into the bucket: " + Failures.reason(e));
    }
  }

  /** The text of a message, wherever it is. */
  String fetch(Delivery message) throws Unusable, InterruptedException {
    if (!PayloadPointer.isPointer(message.attributes())) {
      return message.body();
    }
    if (payloads == null) {
      throw new Unusable("is in S3; --payload-bucket fetches it");
    }
    try {
      return retry.call(() -> payload(message)).orThrow();
    } catch (CallFailed e) {
      throw new Unusable("could not be fetched: " + Failures.reason(e));
    }
  }

  /** What an answer says of a payload: its text, or why there is none. */
  private record Fetched(String text, Unusable problem) {
    String orThrow() throws Unusable {
      if (problem != null) {
        throw problem;
      }
      return text;
    }
  }

  private Fetched payload(Delivery message) throws CallFailed, InterruptedException {
    try {
      return new Fetched(payloads.fetch(message.body()), null);
    } catch (Payloads.Unreadable e) {
      return new Fetched(null, new Unusable(e.type() + ", " + e.getMessage()));
    }
  }

  /**
   * Deletes the payloads of messages that are gone; what is left is the lifecycle rule's.
   *
   * @param bodies of messages, pointers all
   * @return what to say of those that are left, if there are any
   */
  Optional<String> delete(List<String> bodies) throws InterruptedException {
    int left = 0;
    String reason = "";
    for (String pointer : payloads == null ? List.<String>of() : bodies) {
      try {
        retry.run(() -> payloads.delete(pointer));
      } catch (CallFailed e) {
        left++;
        reason = Failures.reason(e);
      }
    }
    return left == 0
        ? Optional.empty()
        : Optional.of(Text.count(left, "payload") + " left in the bucket: " + reason);
  }
}
