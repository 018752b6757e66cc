package com.amazonaws.jobprocessor.port;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.Printable;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What this worker says to the job table when it wants a job, and its hold on the job from then on.
 *
 * @param jobId the job's id
 * @param messageId of the delivery that is at hand; of a pack's job that of the message that it was
 *     sent with first, and its line there
 * @param payload what the job consists of
 * @param enqueuedAtMillis when SQS took the message, since 1970, or null
 * @param token random: whoever has it in the table owns the job
 * @param lease for how long others leave the job alone, from the moment a claim or a renewal is
 *     sent
 * @param ahead true if no slot is at hand for the job yet: should the worker die, it was no attempt
 */
public record ClaimRequest(
    String jobId,
    String messageId,
    Payload payload,
    @Nullable Long enqueuedAtMillis,
    String token,
    Duration lease,
    boolean ahead) {

  /**
   * A job's definition, as far as the table keeps it.
   *
   * @param sha256 in hexadecimal digits; null if it is in S3 and has not been fetched
   * @param bytes its length in UTF-8
   * @param pointer to it, if it is in S3 and has not been fetched; else null
   */
  public record Payload(@Nullable String sha256, long bytes, @Nullable String pointer) {
    /** What is known of a definition that is at hand. */
    public static Payload of(String definition) {
      return new Payload(Printable.sha256(definition), MessageFormat.utf8Length(definition), null);
    }

    /** What is known of a definition in S3 that has not been fetched. */
    public static Payload in(String pointer, long bytes) {
      return new Payload(null, bytes, pointer);
    }
  }

  /** A claim on a job whose slot is at hand. */
  public ClaimRequest(
      String jobId,
      String messageId,
      Payload payload,
      @Nullable Long enqueuedAtMillis,
      String token,
      Duration lease) {
    this(jobId, messageId, payload, enqueuedAtMillis, token, lease, false);
  }

  /** The same claim on a job whose payload is known now. */
  public ClaimRequest with(Payload known) {
    return new ClaimRequest(jobId, messageId, known, enqueuedAtMillis, token, lease, ahead);
  }

  /** The same job as somebody with another token holds it. */
  public ClaimRequest with(String otherToken) {
    return new ClaimRequest(jobId, messageId, payload, enqueuedAtMillis, otherToken, lease, ahead);
  }

  /** The same claim, ahead of a slot or not. */
  public ClaimRequest with(boolean nowAhead) {
    return new ClaimRequest(jobId, messageId, payload, enqueuedAtMillis, token, lease, nowAhead);
  }
}
