package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.send.Job;
import java.time.Duration;
import java.util.Optional;

/** Takes lines as they come to the queue: in full batches, or after most of a second. */
final class Submitting {
  /** A job waits so long for others that would share its request. */
  private static final Duration LINGER = Duration.ofMillis(800);

  private static final Duration LOOK = Duration.ofMillis(100);

  /** Hears of each line before it is sent, and of those that are not. */
  interface Watcher {
    /** Nobody listens. */
    Watcher NONE = new Watcher() {};

    /**
     * A job is about to be sent.
     *
     * @return false if it is to be left out
     * @throws Bucket.Unusable why it cannot be a job
     */
    default boolean begins(JobLines.Line line) throws Bucket.Unusable {
      return true;
    }

    /** Why a line cannot be a job; null if it can. */
    default String problem(JobLines.Line line) {
      return null;
    }

    /** The job of a line that began was not sent. */
    default void refused(long line) {}
  }

  /**
   * What lines are taken for.
   *
   * @param file its name, for what is said of its lines
   * @param skipBad true if what cannot be a job is left out, false if it ends all
   */
  record Lines(String file, boolean skipBad, Watcher watcher) {}

  private final Outlet outlet;
  private final Job.Maker jobs;
  private final Bucket bucket;
  private final SubmitReport report;
  private final Stop stop;
  private final Lines lines;
  private long openedAt;
  private Throwable readFailure;
  private boolean refuses;

  Submitting(
      Outlet outlet, Job.Maker jobs, Bucket bucket, SubmitReport report, Stop stop, Lines lines) {
    this.lines = lines;
    this.outlet = outlet;
    this.jobs = jobs;
    this.bucket = bucket;
    this.report = report;
    this.stop = stop;
  }

  /** Ends with the lines, at a failure that all further jobs would share, or with a stop. */
  void run(LineFeed feed) throws InterruptedException {
    boolean end = false;
    try {
      while (!end && !refuses && goesOn()) {
        Optional<LineFeed.Chunk> chunk = feed.next(LOOK);
        if (chunk.isPresent()) {
          take(chunk.get());
          end = chunk.get().end();
          readFailure = chunk.get().failure();
        }
        if (!outlet.isFlushed() && System.nanoTime() - openedAt >= LINGER.toNanos()) {
          outlet.flush();
        }
        outlet.tellOfEnded();
      }
    } catch (RuntimeException e) {
      outlet.abandon();
      report.sayHowFar();
      throw e;
    }
    if ((end || refuses) && readFailure == null && goesOn()) {
      outlet.finish();
    } else {
      outlet.abandon();
    }
  }

  private boolean goesOn() {
    return outlet.failure() == null && !stop.isAsked();
  }

  private void take(LineFeed.Chunk chunk) throws InterruptedException {
    for (JobLines.Line line : chunk.lines()) {
      if (refuses || !goesOn()) {
        return;
      }
      Optional<Job> job = job(line);
      if (job.isPresent()) {
        openedAt = outlet.isFlushed() ? System.nanoTime() : openedAt;
        outlet.add(job.get());
      }
    }
  }

  private Optional<Job> job(JobLines.Line line) throws InterruptedException {
    Job job = jobs.job(line.number(), line.text());
    try {
      String problem = bucket.takes(job) ? line.problem() : bucket.tooLarge();
      if (problem != null) {
        throw new Bucket.Unusable(problem);
      }
      return lines.watcher().begins(line) ? stored(job) : Optional.empty();
    } catch (Bucket.Unusable e) {
      report.unusable(name(line.number()), e.getMessage());
      refuses = !lines.skipBad();
      return Optional.empty();
    }
  }

  /** The job, its payload in the bucket if it is large; empty if the bucket does not take it. */
  private Optional<Job> stored(Job job) throws InterruptedException {
    try {
      return Optional.of(bucket.isToStore(job) ? bucket.store(job) : job);
    } catch (Bucket.Unusable e) {
      lines.watcher().refused(job.line());
      report.notStored(job, name(job.line()), e.getMessage());
      return Optional.empty();
    }
  }

  private String name(long line) {
    return Input.line(line, lines.file());
  }

  /** True if a line that cannot be a job was the end: what stands before it was sent. */
  boolean hasRefused() {
    return refuses;
  }

  /** Why the lines could not be read to their end; null if they could. */
  Throwable readFailure() {
    return readFailure;
  }
}
