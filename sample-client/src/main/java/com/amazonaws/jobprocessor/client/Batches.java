package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.ArrayList;
import java.util.List;

/** Collects jobs into batches that SQS takes: ten, and 1 MiB together. */
final class Batches {
  private final int most;
  private List<Job> open = new ArrayList<>();
  private int bytes;

  Batches() {
    this(MessageFormat.MAX_BATCH);
  }

  private Batches(int most) {
    this.most = most;
  }

  /** Batches of one job. */
  static Batches ofOne() {
    return new Batches(1);
  }

  /** Takes a job; returns a batch that it made full, or an empty one. */
  List<Job> add(Job job) {
    List<Job> full = List.of();
    if (open.size() == most || bytes + job.bytes() > MessageFormat.MAX_BYTES) {
      full = rest();
    }
    open.add(job);
    bytes += job.bytes();
    return full;
  }

  List<Job> rest() {
    List<Job> full = open;
    open = new ArrayList<>();
    bytes = 0;
    return full;
  }
}
