package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.JobLine;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.UnreadableLine;
import java.util.HashMap;
import java.util.Map;

/**
 * A job that is run once more, as its worker had it.
 *
 * @param attributes those that the job was sent with
 * @param attempt the number of its attempt, from 1
 */
record ReplayedJob(
    String id, String messageId, String body, Map<String, Attribute> attributes, int attempt) {
  private static final int MAX_ATTEMPT = 1_000;

  /**
   * The job of a dead letter, at the attempt that it died of.
   *
   * @param id of the job
   * @param text the letter's payload, wherever it was
   */
  static ReplayedJob ofLetter(String id, Delivery letter, String text) {
    String messageId = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    String attempts = Messages.text(letter, MessageFormat.ATTEMPTS);
    Map<String, Attribute> attributes = new HashMap<>(letter.attributes());
    attributes.keySet().removeAll(PayloadPointer.MARKS);
    attributes.keySet().removeAll(PackFormat.RESERVED);
    attributes
        .keySet()
        .removeIf(
            name -> MessageFormat.RESERVED.contains(name) && !name.equals(MessageFormat.JOB_ID));
    boolean isPack = PackFormat.isPack(letter.attributes());
    if (isPack) {
      attributes.remove(MessageFormat.JOB_ID); // that of the pack
    }
    return new ReplayedJob(
        id,
        messageId.isEmpty() ? letter.messageId() : messageId,
        isPack ? line(id, messageId, text) : text,
        attributes,
        attempts.matches("[1-9][0-9]{0,3}")
            ? Math.min(MAX_ATTEMPT, Integer.parseInt(attempts))
            : 1);
  }

  /** The job of that id in a pack that no worker could take. */
  private static String line(String id, String messageId, String pack) {
    for (PackLine line : PackLine.split(pack)) {
      try {
        JobLine job = JobLine.read(line.text());
        String own = job.jobId();
        if (id.equals(own == null ? JobLine.defaultId(messageId, line.number()) : own)) {
          return job.body();
        }
      } catch (UnreadableLine e) {
        // Nobody knows whose it is.
      }
    }
    throw new UserError(
        "the dead letter " + id + " is a pack, refused as a whole; name one of its jobs");
  }

  /** The same with another attempt. */
  ReplayedJob at(int number) {
    return new ReplayedJob(id, messageId, body, attributes, number);
  }

  /** The same with more attributes, or other values of those that it has. */
  ReplayedJob with(Map<String, String> more) {
    Map<String, Attribute> all = new HashMap<>(attributes);
    more.forEach((name, value) -> all.put(name, Attribute.of(value)));
    return new ReplayedJob(id, messageId, body, all, attempt);
  }
}
