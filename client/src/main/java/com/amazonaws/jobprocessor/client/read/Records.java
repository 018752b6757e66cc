package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.aws.JobRecord;
import com.amazonaws.jobprocessor.aws.JobTableReader;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The job table's records of one queue's jobs, however many are asked for. */
public final class Records {
  /** What was read; jobs without a record are left out. */
  public static final class Found {
    private final Map<String, JobRecord> records = new HashMap<>();
    private final Map<String, Instant> heldUntil = new HashMap<>();

    private Found() {}

    /** The record of a job; null if it has none. */
    public @Nullable JobRecord of(String jobId) {
      return records.get(jobId);
    }

    /**
     * Until when the worker's claim on a job holds, or a job whose last attempt failed is not tried
     * again; null if neither is known.
     */
    public @Nullable Instant heldUntil(String jobId) {
      return heldUntil.get(jobId);
    }

    /** How many jobs have a record. */
    public int size() {
      return records.size();
    }
  }

  private final JobTableReader reader;
  private final Retry retry;

  /** Those that a reader finds. */
  public Records(JobTableReader reader, Retry retry) {
    this.reader = reader;
    this.retry = retry;
  }

  /** Reads records: a BatchGetItem for each hundred, more if DynamoDB leaves some for later. */
  public Found read(Collection<String> jobIds) throws CallFailed, InterruptedException {
    Found found = new Found();
    ArrayDeque<String> left = new ArrayDeque<>(jobIds);
    while (!left.isEmpty()) {
      List<String> some = new ArrayList<>();
      while (some.size() < JobTableReader.MAX_KEYS && !left.isEmpty()) {
        some.add(left.remove());
      }
      JobTableReader.Page page = retry.call(() -> reader.read(some));
      found.records.putAll(page.records());
      found.heldUntil.putAll(page.heldUntil());
      left.addAll(page.unread());
    }
    return found;
  }
}
