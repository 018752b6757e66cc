package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.Printable;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A letter and what is sent for it.
 *
 * @param sent the letter as it is, with an object of its own, or with another definition
 * @param edited true if it is with another definition
 */
record Return(Delivery letter, Delivery sent, boolean edited) {
  String jobId() {
    return Messages.jobId(sent);
  }

  boolean isPack() {
    return PackFormat.isPack(sent.attributes());
  }

  /** The job, without what workers have added. */
  Job job() {
    Map<String, Attribute> attributes = new HashMap<>(sent.attributes());
    attributes
        .keySet()
        .removeIf(
            name -> MessageFormat.RESERVED.contains(name) && !name.equals(MessageFormat.JOB_ID));
    if (!isPack()) {
      attributes.keySet().removeAll(PackFormat.RESERVED);
    } else if (isWorkers()) {
      attributes.remove(MessageFormat.JOB_ID);
    }
    if (!isPack() && attributes.size() < MessageFormat.MAX_ATTRIBUTES) {
      attributes.putIfAbsent(MessageFormat.JOB_ID, Attribute.of(jobId()));
    }
    return new Job(
        jobId(), 0, new OutgoingMessage(sent.body(), attributes, sent.group(), deduplicationId()));
  }

  /** True if the id is the one that a worker gives what has none: its MessageId. */
  private boolean isWorkers() {
    return jobId().equals(Messages.text(sent, MessageFormat.JOB_MESSAGE_ID));
  }

  /**
   * The job's own id would be dropped in silence within five minutes of its first sending; so would
   * one edit after another that died, if it had the letter's.
   */
  private @Nullable String deduplicationId() {
    String id = letter.messageId();
    return letter.group() == null ? null : edited ? Printable.sha256(id + '/' + sent.body()) : id;
  }
}
