package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.message.MessageFormat;
import java.util.ArrayList;
import java.util.List;

/** Collects jobs into batches that SQS takes: ten, and 1 MiB together. */
final class Batches {
  private final int max;
  private List<Job> open = new ArrayList<>();
  private int bytes;

  Batches() {
    this(MessageFormat.MAX_BATCH);
  }

  private Batches(int max) {
    this.max = max;
  }

  /** Batches of one job. */
  static Batches ofOne() {
    return new Batches(1);
  }

  /** Takes a job; returns the batches that are complete with it: none, one or two. */
  List<List<Job>> add(Job job) {
    List<List<Job>> complete = new ArrayList<>();
    if (bytes + job.bytes() > MessageFormat.MAX_BYTES && !open.isEmpty()) {
      complete.add(rest());
    }
    open.add(job);
    bytes += job.bytes();
    if (open.size() == max) {
      complete.add(rest());
    }
    return complete;
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** Ends the batch that is open, which may be empty. */
  List<Job> rest() {
    List<Job> ended = open;
    open = new ArrayList<>();
    bytes = 0;
    return ended;
  }
}
