package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Dead letters with another definition. */
public final class Edits {
  private static final Pattern VERSION = Pattern.compile("(.*)\\.([1-9][0-9]{0,5})");

  private Edits() {}

  /** The id of the next version of a job: {@code .2} behind the first, then {@code .3}. */
  public static String next(String id) {
    Matcher version = VERSION.matcher(id);
    return version.matches()
        ? version.group(1) + "." + (Integer.parseInt(version.group(2)) + 1)
        : id + ".2";
  }

  /**
   * The same delivery, so that it is deleted with the old job, with another definition.
   *
   * @param body the definition, or the pointer to it
   * @param payloadBytes what the pointer's payload has; -1 if the body is the definition
   */
  public static Delivery with(Delivery letter, String jobId, String body, long payloadBytes) {
    Map<String, Attribute> attributes = new HashMap<>(letter.attributes());
    attributes.keySet().removeAll(PayloadPointer.MARKS);
    attributes.put(MessageFormat.JOB_ID, Attribute.of(jobId));
    return new Delivery(
        letter.messageId(),
        letter.receiptHandle(),
        body,
        payloadBytes < 0 ? attributes : PayloadPointer.mark(attributes, payloadBytes),
        letter.receiveCount(),
        letter.sentAtMillis(),
        letter.group());
  }
}
