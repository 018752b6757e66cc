package com.amazonaws.jobprocessor.boss.store;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.Optional;

/**
 * A task as it is asked for.
 *
 * @param name for people: the account, the file; need not be unique
 * @param payload the job definition
 * @param priority higher goes first
 */
public record NewTask(String name, String payload, int priority) {
  /** Characters of a name; those beyond U+FFFF count as two, as H2 counts them. */
  public static final int MAX_NAME = 256;

  /** The highest priority; its negative is the lowest. */
  public static final int MAX_PRIORITY = 1_000;

  /** Bytes of a payload: what fits a message beside the job's id. */
  public static final int MAX_PAYLOAD = MessageFormat.MAX_BYTES - 1024;

  /** What is wrong with it, in one line. */
  public Optional<String> problem() {
    if (name.isBlank() || name.length() > MAX_NAME) {
      return Optional.of("name must have 1 to " + MAX_NAME + " characters");
    }
    if (!MessageFormat.isSendable(name)) {
      return Optional.of("name has characters that cannot be stored");
    }
    if (payload.isEmpty()) {
      return Optional.of("payload is empty");
    }
    if (!MessageFormat.isSendable(payload)) {
      return Optional.of("payload has characters that SQS does not accept");
    }
    if (MessageFormat.utf8Length(payload) > MAX_PAYLOAD) {
      return Optional.of("payload has more than " + MAX_PAYLOAD + " bytes");
    }
    if (Math.abs((long) priority) > MAX_PRIORITY) {
      return Optional.of("priority must be from -" + MAX_PRIORITY + " to " + MAX_PRIORITY);
    }
    return Optional.empty();
  }
}
