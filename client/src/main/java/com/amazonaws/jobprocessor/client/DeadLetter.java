package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A job that failed for good, as its dead letter tells it.
 *
 * @param messageId of the letter
 * @param definition the job; the pointer to it if {@code isInBucket}; the lines of a pack that no
 *     worker could take
 * @param isInBucket true if the definition is in S3 and has not been fetched
 * @param attempts it took; 0 if the letter does not say
 * @param failure what went wrong, and the backlog that the job came from
 * @param attributes the job's own text attributes
 * @param sentAt when SQS took the letter; null if SQS does not say
 */
public record DeadLetter(
    String messageId,
    String jobId,
    String definition,
    boolean isInBucket,
    int attempts,
    JobEnd.Failure failure,
    Map<String, String> attributes,
    @Nullable Instant sentAt) {

  static DeadLetter of(Delivery letter) {
    JobEnd end = JobEnd.ofLetter(letter, letter.body());
    Map<String, String> own = new TreeMap<>();
    for (Map.Entry<String, Attribute> attribute : letter.attributes().entrySet()) {
      String text = attribute.getValue().text();
      if (text != null
          && !MessageFormat.RESERVED.contains(attribute.getKey())
          && !PackFormat.RESERVED.contains(attribute.getKey())
          && !PayloadPointer.MARKS.contains(attribute.getKey())) {
        own.put(attribute.getKey(), text);
      }
    }
    Long sentAt = letter.sentAtMillis();
    return new DeadLetter(
        letter.messageId(),
        end.jobId(),
        letter.body(),
        Messages.isPointer(letter),
        end.attempts(),
        end.failure() == null ? new JobEnd.Failure("", "", "") : end.failure(),
        own,
        sentAt == null ? null : Instant.ofEpochMilli(sentAt));
  }

  /** The same with the definition at hand. */
  DeadLetter with(String fetched) {
    return new DeadLetter(messageId, jobId, fetched, false, attempts, failure, attributes, sentAt);
  }
}
