package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.PackLine;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Payloads;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes jobs with another definition of dead letters. */
public final class Edits {
  /** Behind the first version, which has no number: {@code .1} is somebody's own. */
  private static final Pattern VERSION = Pattern.compile("(.*)\\.([2-9]|[1-9][0-9]{1,5})");

  /** The new definition is too long. */
  public static final class TooLong extends Exception {
    private static final long serialVersionUID = 1L;

    TooLong() {
      super("the definition is too long");
    }
  }

  private final Reach reach;
  private final boolean keepId;

  /**
   * Of letters whose jobs are sent to their backlogs.
   *
   * @param keepId true if the new job has the id of the old one, false if that of its next version
   */
  public Edits(Reach reach, boolean keepId) {
    this.reach = reach;
    this.keepId = keepId;
  }

  /**
   * The id of the next version of a job: {@code .2} behind the first, then {@code .3}; one that
   * would be too long begins with a digest of the first instead.
   */
  public static String next(String id) {
    Matcher version = VERSION.matcher(id);
    String next =
        version.matches()
            ? version.group(1) + "." + (Integer.parseInt(version.group(2)) + 1)
            : id + ".2";
    return MessageFormat.isJobId(next) ? next : Printable.sha256(id) + ".2";
  }

  /**
   * The same letter with another definition, in the payload bucket if it does not fit a message.
   * The lines of a pack keep their ids. With the job table, the next version is one that the table
   * does not know of another definition: if this is done again after a death in between, it is the
   * same for the same definition.
   *
   * @param backlog that the job goes to
   * @throws TooLong if it has more than 1 MiB without a payload bucket, more than 64 MiB with it
   * @throws PayloadObjects.Unusable if the bucket does not take it
   */
  public Delivery edited(Delivery letter, String backlog, String definition)
      throws TooLong, PayloadObjects.Unusable, CallFailed, InterruptedException {
    Map<String, Attribute> attributes = new HashMap<>(letter.attributes());
    attributes.keySet().removeAll(PayloadPointer.MARKS);
    if (PackFormat.isPack(attributes)) {
      Attribute jobs = PackFormat.count(PackLine.split(definition).size());
      attributes.computeIfPresent(PackFormat.JOB_COUNT, (name, count) -> jobs);
    } else {
      String id = Messages.jobId(letter);
      attributes.put(
          MessageFormat.JOB_ID, Attribute.of(keepId ? id : free(id, backlog, definition)));
    }
    if (MessageFormat.size(definition, attributes) <= MessageFormat.MAX_BYTES) {
      return with(letter, definition, attributes);
    }
    PayloadObjects payloads = reach.payloads();
    int bytes = MessageFormat.utf8Length(definition);
    if (payloads == null || bytes > Payloads.MAX_BYTES) {
      throw new TooLong();
    }
    return with(letter, payloads.store(definition), PayloadPointer.mark(attributes, bytes));
  }

  private String free(String id, String backlog, String definition)
      throws CallFailed, InterruptedException {
    String table = reach.jobTable();
    String next = next(id);
    if (table == null) {
      return next;
    }
    Records records = reach.records(table, backlog);
    while (isAnothers(records.read(List.of(next)).of(next), definition)) {
      next = next(next);
    }
    return next;
  }

  private static boolean isAnothers(@Nullable JobRecord record, String definition) {
    return record != null && !record.origin().payloadSha256().equals(Printable.sha256(definition));
  }

  /** With another body. */
  static Delivery with(Delivery letter, String body, Map<String, Attribute> attributes) {
    return new Delivery(
        letter.messageId(),
        letter.receiptHandle(),
        body,
        attributes,
        letter.receiveCount(),
        letter.sentAtMillis(),
        letter.group());
  }
}
