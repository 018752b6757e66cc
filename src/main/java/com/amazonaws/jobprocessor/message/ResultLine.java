package com.amazonaws.jobprocessor.message;

import java.util.Objects;
import java.util.Set;

/**
 * A result as a line of a pack has it: what a {@link MessageFormat result of its own} has as body
 * and attributes.
 *
 * @param jobId the job's id
 * @param body the result, which may be empty: then the line has {@code "empty_result":true}
 * @param attempts how many were made, from 1
 * @param durationMillis how long the last one took
 * @param jobMessageId the MessageId of the job's message in the backlog
 * @param workerId who ran it
 */
public record ResultLine(
    String jobId,
    String body,
    int attempts,
    long durationMillis,
    String jobMessageId,
    String workerId) {
  private static final String BODY = "body";

  private static final Set<String> NAMES =
      Set.of(
          MessageFormat.JOB_ID,
          BODY,
          MessageFormat.ATTEMPTS,
          MessageFormat.DURATION_MILLIS,
          MessageFormat.JOB_MESSAGE_ID,
          MessageFormat.WORKER_ID);

  /**
   * Reads a line. What a line of another writer does not say is 0 or empty.
   *
   * @throws UnreadableLine if it does not say whose result it is, and what
   */
  public static ResultLine read(String line) throws UnreadableLine {
    JsonLine json = JsonLine.read(line, NAMES);
    return new ResultLine(
        json.needText(MessageFormat.JOB_ID),
        json.needText(BODY),
        (int) json.number(MessageFormat.ATTEMPTS, Integer.MAX_VALUE),
        json.number(MessageFormat.DURATION_MILLIS, Long.MAX_VALUE),
        Objects.requireNonNullElse(json.text(MessageFormat.JOB_MESSAGE_ID), ""),
        Objects.requireNonNullElse(json.text(MessageFormat.WORKER_ID), ""));
  }

  /** The line, without a line feed. */
  public String write() {
    StringBuilder line = new StringBuilder(body.length() + 192).append('{');
    JsonLine.write(line, MessageFormat.JOB_ID, jobId);
    JsonLine.write(line, BODY, body);
    if (body.isEmpty()) {
      JsonLine.writeTrue(line, MessageFormat.EMPTY_RESULT);
    }
    JsonLine.write(line, MessageFormat.ATTEMPTS, attempts);
    JsonLine.write(line, MessageFormat.DURATION_MILLIS, durationMillis);
    JsonLine.write(line, MessageFormat.JOB_MESSAGE_ID, jobMessageId);
    JsonLine.write(line, MessageFormat.WORKER_ID, workerId);
    return line.append('}').toString();
  }
}
