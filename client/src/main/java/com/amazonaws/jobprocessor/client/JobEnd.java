package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.read.JobResult;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a job ended, as a result or a dead letter says it.
 *
 * @param body the result; of a dead letter the job's definition
 * @param attempts it took; 0 if the message does not say
 * @param took the attempt that succeeded; null if the message does not say
 * @param workerId who ran it; empty if the message does not say
 * @param failure what went wrong; null if the job succeeded
 */
public record JobEnd(
    String jobId,
    String body,
    int attempts,
    @Nullable Duration took,
    String workerId,
    @Nullable Failure failure) {

  /**
   * Why a job has a dead letter; what the letter does not say is empty.
   *
   * @param type the class of the exception, or a name of the worker's
   * @param backlog the queue that the job came from
   */
  public record Failure(String type, String message, String backlog) {}

  /** True if the job failed for good. */
  public boolean isDeadLetter() {
    return failure != null;
  }

  static JobEnd of(JobResult result, String body) {
    return new JobEnd(
        result.jobId(),
        body,
        number(result.attempts()),
        result.duration().isPresent() ? Duration.ofMillis(result.duration().getAsLong()) : null,
        result.workerId(),
        null);
  }

  static JobEnd ofLetter(Delivery letter, String body) {
    return new JobEnd(
        Messages.jobId(letter),
        body,
        number(Messages.text(letter, MessageFormat.ATTEMPTS)),
        null,
        Messages.text(letter, MessageFormat.WORKER_ID),
        new Failure(
            Messages.text(letter, MessageFormat.ERROR_TYPE),
            Messages.text(letter, MessageFormat.ERROR_MESSAGE),
            Messages.text(letter, MessageFormat.BACKLOG)));
  }

  /** The end of one job of a pack that was refused as a whole. */
  static JobEnd ofLine(Delivery letter, Messages.PackedJob job) {
    JobEnd whole = ofLetter(letter, job.line().body());
    return new JobEnd(
        job.id(), whole.body(), job.line().attempts(), null, whole.workerId(), whole.failure());
  }

  private static int number(String text) {
    boolean isNumber =
        !text.isEmpty() && text.length() <= 9 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? Integer.parseInt(text) : 0;
  }
}
