package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.Enqueuer;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
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

  private final PayloadObjects objects;

  /** True if others store what is sent, and put all else into the job table. */
  private final boolean recorded;

  Bucket(PayloadObjects objects) {
    this(objects, false);
  }

  private Bucket(PayloadObjects objects, boolean recorded) {
    this.objects = objects;
    this.recorded = recorded;
  }

  /** The same for jobs that {@link Enqueuer} records, and whose payloads it stores. */
  Bucket ofRecorded() {
    return new Bucket(objects, true);
  }

  static Bucket none() {
    return new Bucket(null);
  }

  /** Its objects; null if the user has named none. */
  PayloadObjects objects() {
    return objects;
  }

  /** The largest definition that may be sent, in bytes. */
  int largest() {
    return objects == null ? MessageFormat.MAX_BYTES : Payloads.MAX_BYTES;
  }

  /** True if the job is not too large: of one in the bucket only the definition counts. */
  boolean takes(Job job) {
    return needsNoBucket(job)
        || (objects != null
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
    if (objects == null && recorded) {
      return "is longer than 48 KiB, the most that the job table takes; --payload-bucket takes 64 MiB";
    }
    return objects == null
        ? "is longer than 1 MiB with its id, the most that SQS takes; --payload-bucket takes 64 MiB"
        : "is longer than 64 MiB, the largest payload";
  }

  /** Stores what the job says; returns the job with a pointer to it instead. */
  Job store(Job job) throws Unusable, InterruptedException {
    String body = job.message().body();
    int bytes = MessageFormat.utf8Length(body);
    if (objects == null || bytes > Payloads.MAX_BYTES) {
      throw new Unusable(tooLarge());
    }
    try {
      return job.pointing(objects.store(body), bytes);
    } catch (PayloadObjects.Unusable e) {
      throw new Unusable("could not be put into the bucket: " + e.getMessage());
    }
  }

  /** The text of a message, wherever it is. */
  String fetch(Delivery message) throws Unusable, InterruptedException {
    if (!PayloadPointer.isPointer(message.attributes())) {
      return message.body();
    }
    if (objects == null) {
      throw new Unusable("is in S3; --payload-bucket fetches it");
    }
    try {
      return objects.fetch(message.body());
    } catch (PayloadObjects.Unusable e) {
      throw new Unusable("could not be fetched: " + e.getMessage());
    }
  }

  /**
   * Deletes the payloads of messages that are gone; what is left is the lifecycle rule's.
   *
   * @param bodies of messages, pointers all
   * @return what to say of those that are left, if there are any
   */
  Optional<String> delete(List<String> bodies) throws InterruptedException {
    return objects == null ? Optional.empty() : objects.delete(bodies);
  }
}
