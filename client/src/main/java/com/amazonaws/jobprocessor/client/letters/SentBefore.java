package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.PayloadObjects;
import com.amazonaws.jobprocessor.client.read.Records;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Knows by the job table which dead letters have been sent back before, by a run that died before
 * it deleted them: a worker has claimed the job by another message than the one that died, which
 * SQS took after the letter. Both moments are SQS's own, so no two clocks are compared. Without the
 * table it knows of none; of a job in S3, whose digest has to be compared, only with the bucket.
 */
public final class SentBefore {
  private final Reach reach;

  /** By the table that is within reach. */
  public SentBefore(Reach reach) {
    this.reach = reach;
  }

  /**
   * Of some letters of a backlog those that have been sent back for certain; a BatchGetItem for a
   * hundred.
   */
  public List<Delivery> of(String backlog, List<Delivery> letters)
      throws CallFailed, InterruptedException {
    String table = reach.jobTable();
    if (table == null || letters.isEmpty()) {
      return List.of();
    }
    Set<String> ids = new LinkedHashSet<>();
    letters.forEach(letter -> ids.add(Messages.jobId(letter)));
    Records.Found records = reach.records(table, backlog).read(ids);
    List<Delivery> before = new ArrayList<>();
    for (Delivery letter : letters) {
      JobRecord record = records.of(Messages.jobId(letter));
      if (record != null
          && hasComeAgain(letter, record.origin())
          && isSameJob(letter, record.origin())) {
        before.add(letter);
      }
    }
    return before;
  }

  private static boolean hasComeAgain(Delivery letter, JobRecord.Origin record) {
    String died = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    return !died.isEmpty()
        && !record.messageId().isEmpty()
        && !record.messageId().equals(died)
        && letter.sentAtMillis() != null
        && record.enqueuedAt() != null
        && record.enqueuedAt().toEpochMilli() > letter.sentAtMillis();
  }

  private boolean isSameJob(Delivery letter, JobRecord.Origin record) throws InterruptedException {
    if (PackFormat.isPack(letter.attributes())) {
      return false;
    }
    if (!Messages.isPointer(letter)) {
      return record.payloadSha256().equals(Printable.sha256(letter.body()));
    }
    PayloadObjects payloads = reach.payloads();
    try {
      return payloads != null
          && record.payloadSha256().equals(Printable.sha256(payloads.fetch(letter.body())));
    } catch (PayloadObjects.Unusable e) {
      return false; // whoever wants to send it says why it cannot
    }
  }
}
