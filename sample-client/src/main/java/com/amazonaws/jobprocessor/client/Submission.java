package com.amazonaws.jobprocessor.client;

import java.util.ArrayDeque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Jobs on their way into the queue: several batches at a time, told of in the order in which they
 * came.
 */
final class Submission implements AutoCloseable {
  private static final int CALLS_AT_ONCE = 8;

  /** Hears what becomes of the jobs. */
  interface Teller {
    /** The queue has it. */
    void taken(Job job);

    /** The queue does not have it. */
    void refused(Job job, String reason) throws InterruptedException;

    /** The call has failed, and the queue may have it or not. */
    void perhapsTaken(Job job, Exception failure);

    /** So many jobs have been told of since the last time. */
    void told(int jobs);
  }

  private record Batch(List<Job> jobs, Future<Map<Job, String>> answer) {}

  private final JobSender sender;
  private final Teller teller;
  private final Batches batches;
  private final ExecutorService calls;
  private final ArrayDeque<Batch> underWay = new ArrayDeque<>();
  private volatile boolean abandoned;

  /**
   * A submission.
   *
   * @param inOrder one job after the other, since of a batch a later one may be taken and an
   *     earlier one not
   */
  Submission(JobSender sender, boolean inOrder, Teller teller) {
    this.sender = sender;
    this.teller = teller;
    this.batches = inOrder ? Batches.ofOne() : new Batches();
    this.calls =
        Executors.newFixedThreadPool(inOrder ? 1 : CALLS_AT_ONCE, Thread.ofVirtual().factory());
  }

  /**
   * Takes a job.
   *
   * @throws RuntimeException what a call for an earlier one has failed with: then {@link #abandon}
   */
  void add(Job job) throws InterruptedException {
    send(batches.add(job));
    while (!underWay.isEmpty()
        && (underWay.size() > 2 * CALLS_AT_ONCE || underWay.peek().answer().isDone())) {
      tell(underWay.remove());
    }
  }

  /**
   * Waits until all have been told of.
   *
   * @throws RuntimeException as {@link #add}
   */
  void finish() throws InterruptedException {
    send(batches.rest());
    while (!underWay.isEmpty()) {
      tell(underWay.remove());
    }
  }

  /** Begins no further call, waits for those that are under way, and tells of every job. */
  void abandon() throws InterruptedException {
    abandoned = true;
    send(batches.rest());
    while (!underWay.isEmpty()) {
      try {
        tell(underWay.remove());
      } catch (RuntimeException e) {
        // one of them is told already, and one is enough
      }
    }
  }

  private void send(List<Job> jobs) {
    if (!jobs.isEmpty()) {
      underWay.add(new Batch(jobs, calls.submit(() -> call(jobs))));
    }
  }

  private Map<Job, String> call(List<Job> jobs) throws InterruptedException {
    if (abandoned) {
      return notSent(jobs);
    }
    try {
      return sender.send(jobs);
    } catch (RuntimeException e) {
      abandoned = true; // those behind it are not to overtake it
      throw e;
    }
  }

  private static Map<Job, String> notSent(List<Job> jobs) {
    Map<Job, String> all = new LinkedHashMap<>();
    jobs.forEach(job -> all.put(job, "not sent any more"));
    return all;
  }

  private void tell(Batch batch) throws InterruptedException {
    Map<Job, String> refused;
    try {
      refused = batch.answer().get();
    } catch (ExecutionException e) {
      RuntimeException cause =
          e.getCause() instanceof RuntimeException runtime
              ? runtime
              : new IllegalStateException(e.getCause());
      batch.jobs().forEach(job -> teller.perhapsTaken(job, cause));
      throw cause;
    }
    for (Job job : batch.jobs()) {
      String reason = refused.get(job);
      if (reason == null) {
        teller.taken(job);
      } else {
        teller.refused(job, reason);
      }
    }
    teller.told(batch.jobs().size());
  }

  @Override
  public void close() {
    calls.close();
  }
}
