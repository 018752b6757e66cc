package com.amazonaws.jobprocessor.client.letters;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.client.read.Messages;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.PackFormat;
import com.amazonaws.jobprocessor.message.Printable;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Knows by the job table which dead letters have been sent back before: a worker has claimed the
 * job by another message than the one that died, which SQS took after the letter. Both moments are
 * SQS's own, so no two clocks are compared.
 */
public final class RecordedBefore implements SentBefore {
  /** Where the records of a backlog's jobs are. */
  public interface Readers {
    /** The reader of a queue's jobs. */
    JobTableReader of(String backlog);
  }

  private final Readers readers;
  private final Retry retry;

  /** By the records that the readers find. */
  public RecordedBefore(Readers readers, Retry retry) {
    this.readers = readers;
    this.retry = retry;
  }

  @Override
  public List<Delivery> of(String backlog, List<Delivery> letters)
      throws CallFailed, InterruptedException {
    Set<String> ids = new HashSet<>();
    letters.forEach(letter -> ids.add(Messages.jobId(letter)));
    Map<String, JobRecord> records = new HashMap<>();
    JobTableReader reader = readers.of(backlog);
    while (!ids.isEmpty()) {
      List<String> some = ids.stream().limit(JobTableReader.MAX_KEYS).toList();
      JobTableReader.Page page = retry.call(() -> reader.read(some));
      records.putAll(page.records());
      some.forEach(ids::remove);
      ids.addAll(page.unread());
    }
    List<Delivery> before = new ArrayList<>();
    for (Delivery letter : letters) {
      JobRecord record = records.get(Messages.jobId(letter));
      if (record != null && hasComeAgain(letter, record.origin())) {
        before.add(letter);
      }
    }
    return before;
  }

  private static boolean hasComeAgain(Delivery letter, JobRecord.Origin record) {
    String died = Messages.text(letter, MessageFormat.JOB_MESSAGE_ID);
    boolean isSameJob =
        !PackFormat.isPack(letter.attributes())
            && !Messages.isPointer(letter)
            && record.payloadSha256().equals(Printable.sha256(letter.body()));
    return isSameJob
        && !died.isEmpty()
        && !record.messageId().isEmpty()
        && !record.messageId().equals(died)
        && letter.sentAtMillis() != null
        && record.enqueuedAt() != null
        && record.enqueuedAt().toEpochMilli() > letter.sentAtMillis();
  }
}
