package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.S3Payloads;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.io.PrintWriter;
import java.util.List;
import software.amazon.awssdk.services.s3.S3Client;

/** Where payloads are that do not fit a message, if the user has named a bucket. */
final class Bucket implements AutoCloseable {
  /** Why a payload cannot be stored or fetched. */
  static final class Unusable extends Exception {
    private static final long serialVersionUID = 1L;

    Unusable(String reason) {
      super(reason);
    }
  }

  private final S3Client s3;
  private final Payloads payloads;

  private Bucket(S3Client s3, Payloads payloads) {
    this.s3 = s3;
    this.payloads = payloads;
  }

  static Bucket of(S3Client s3, String name) {
    return new Bucket(s3, new S3Payloads(s3, new SqsCalls(), name));
  }

  static Bucket none() {
    return new Bucket(null, null);
  }

  /** The largest job that may be sent, in bytes. */
  int largest() {
    return payloads == null ? MessageFormat.MAX_BYTES : Payloads.MAX_BYTES;
  }

  /** What is wrong with one that is larger. */
  String tooLarge() {
    return payloads == null
        ? "is longer than 1 MiB with its id, the most that SQS takes; --payload-bucket takes 64 MiB"
        : "is longer than 64 MiB, the largest payload";
  }

  /** Stores what the job says; returns the job with a pointer to it instead. */
  Job store(Job job) throws Unusable, InterruptedException {
    int bytes = MessageFormat.utf8Length(job.body());
    if (payloads == null || bytes > Payloads.MAX_BYTES) {
      throw new Unusable(tooLarge());
    }
    try {
      String pointer = payloads.store(job.body());
      return new Job(job.id(), pointer, PayloadPointer.mark(job.attributes(), bytes), job.fifo());
    } catch (CallFailed e) {
      throw new Unusable("could not be put into the bucket: " + reason(e));
    }
  }

  /** The message with its payload as the body, wherever that was. */
  Received fetch(Received message) throws Unusable, InterruptedException {
    if (!message.isPointer()) {
      return message;
    }
    if (payloads == null) {
      throw new Unusable("is in S3; --payload-bucket fetches it");
    }
    try {
      return new Received(
          message.messageId(),
          message.handle(),
          payloads.fetch(message.body()),
          PayloadPointer.unmark(message.attributes()),
          message.group());
    } catch (Payloads.Unreadable e) {
      throw new Unusable(e.type() + ", " + e.getMessage());
    } catch (CallFailed e) {
      throw new Unusable("could not be fetched: " + reason(e));
    }
  }

  /**
   * Deletes the payloads of messages that are gone; what is left is the lifecycle rule's.
   *
   * @param bodies of messages, pointers all
   */
  void delete(List<String> bodies, PrintWriter err) throws InterruptedException {
    int left = 0;
    String reason = "";
    for (String pointer : payloads == null ? List.<String>of() : bodies) {
      try {
        payloads.delete(pointer);
      } catch (CallFailed e) {
        left++;
        reason = reason(e);
      }
    }
    if (left > 0) {
      err.println(
          "sample-client: " + Text.oneLine(left + " payloads are left in the bucket: " + reason));
    }
  }

  private static String reason(CallFailed e) {
    return e.code() + ", " + e.getMessage();
  }

  @Override
  public void close() {
    if (s3 != null) {
      s3.close();
    }
  }
}
