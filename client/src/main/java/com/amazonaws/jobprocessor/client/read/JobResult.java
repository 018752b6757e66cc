package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.ResultLine;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/**
 * A result, alone in its message or a line of a pack. What is no number stays as it was said.
 *
 * @param body the result; of a message that is a pointer, the pointer
 */
public record JobResult(
    String jobId,
    String body,
    String attempts,
    String durationMillis,
    String jobMessageId,
    String workerId) {
  private static final int MAX_DIGITS = 15;

  /**
   * What a message of the results queue carries.
   *
   * @param unreadable what is there and no result, or none that this program knows
   */
  public record Contents(List<JobResult> readable, List<Unreadable> unreadable) {}

  /**
   * A part of a pack that is no result.
   *
   * @param line its number from 1, or 0 if it is the whole message
   * @param raw as it stands there
   * @param why it cannot be read
   */
  public record Unreadable(int line, String raw, String why) {}

  /**
   * What the message carries: one result unless it says that it is a pack, or is a dead letter: who
   * reads the wrong queue must not delete those as results.
   */
  public static Contents in(Delivery message) {
    if (Messages.isDeadLetter(message)) {
      return unreadable(message, "it is a dead letter");
    }
    if (!PackFormat.isPack(message.attributes())) {
      return new Contents(List.of(alone(message)), List.of());
    }
    if (!PackFormat.isKnownPack(message.attributes())) {
      String version = Messages.text(message, PackFormat.JOB_PACK);
      return unreadable(message, "it is a pack of an unknown version: \"" + version + '"');
    }
    if (Messages.isPointer(message)) {
      return unreadable(message, "it is a pack in S3");
    }
    return pack(message);
  }

  private static Contents unreadable(Delivery message, String why) {
    return new Contents(List.of(), List.of(new Unreadable(0, message.body(), why)));
  }

  private static JobResult alone(Delivery message) {
    return new JobResult(
        Messages.jobId(message),
        Messages.isEmptyResult(message) ? "" : message.body(),
        Messages.text(message, MessageFormat.ATTEMPTS),
        Messages.text(message, MessageFormat.DURATION_MILLIS),
        Messages.text(message, MessageFormat.JOB_MESSAGE_ID),
        Messages.text(message, MessageFormat.WORKER_ID));
  }

  private static Contents pack(Delivery message) {
    List<JobResult> readable = new ArrayList<>();
    List<Unreadable> unreadable = new ArrayList<>();
    for (PackLine line : PackLine.split(message.body())) {
      try {
        readable.add(of(ResultLine.read(line.text())));
      } catch (UnreadableLine e) {
        unreadable.add(new Unreadable(line.number(), line.text(), String.valueOf(e.getMessage())));
      }
    }
    return readable.isEmpty() && unreadable.isEmpty()
        ? unreadable(message, "it is a pack without a line")
        : new Contents(readable, unreadable);
  }

  private static JobResult of(ResultLine line) {
    return new JobResult(
        line.jobId(),
        line.body(),
        Integer.toString(line.attempts()),
        Long.toString(line.durationMillis()),
        line.jobMessageId(),
        line.workerId());
  }

  /** How long the job's last attempt took, in milliseconds, if the result says so. */
  public OptionalLong duration() {
    boolean isNumber =
        !durationMillis.isEmpty()
            && durationMillis.length() <= MAX_DIGITS
            && durationMillis.chars().allMatch(c -> c >= '0' && c <= '9');
    return isNumber ? OptionalLong.of(Long.parseLong(durationMillis)) : OptionalLong.empty();
  }
}
