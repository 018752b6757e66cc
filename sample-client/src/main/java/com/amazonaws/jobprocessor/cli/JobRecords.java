package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.aws.AwsSession;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.client.read.Retry;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The job table's records of one queue's jobs, however many. */
final class JobRecords {
  /** States that nothing follows, unless somebody sends the job again. */
  private static final Set<String> ENDS = Set.of("SUCCEEDED", "DEAD", "CANCELLED");

  private final JobTableReader reader;
  private final Retry retry;
  private final String table;
  private final Map<String, Instant> leaseEnds = new HashMap<>();

  JobRecords(AwsSession aws, Retry retry, String table, String backlog) throws InvalidEnvironment {
    this.reader = aws.jobTable(table, backlog);
    this.retry = retry;
    this.table = table;
  }

  /** True if the job has ended, one way or the other. */
  static boolean isEnd(String state) {
    return ENDS.contains(state);
  }

  /** Until when the worker's claim holds, of a job that was read; null if none runs it. */
  Instant leaseEnd(String jobId) {
    return leaseEnds.get(jobId);
  }

  /** The records by the ids of their jobs; those that have none are left out. */
  Map<String, JobRecord> read(Collection<String> ids) throws CallFailed, InterruptedException {
    Map<String, JobRecord> records = new HashMap<>();
    ArrayDeque<String> left = new ArrayDeque<>(ids);
    try {
      while (!left.isEmpty()) {
        List<String> some = new ArrayList<>();
        while (some.size() < JobTableReader.MAX_KEYS && !left.isEmpty()) {
          some.add(left.remove());
        }
        JobTableReader.Page page = retry.call(() -> reader.read(some));
        records.putAll(page.records());
        leaseEnds.putAll(page.leaseEnds());
        left.addAll(page.unread());
      }
    } catch (CallFailed e) {
      if (JobTableReader.isMissing(e)) {
        throw new UserError(
            "there is no table \"" + table + "\" in this region; check --job-table and --region");
      }
      throw e;
    }
    return records;
  }
}
