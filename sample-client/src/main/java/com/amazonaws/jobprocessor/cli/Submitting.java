package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Submission;
import com.amazonaws.jobprocessor.message.MessageFormat;
import java.time.Duration;
import java.util.Optional;

/** Takes lines as they come to the queue: in full batches, or after a second. */
final class Submitting {
  /** A job waits so long for others that would share its request. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  private static final Duration LOOK = Duration.ofMillis(100);

  private final Submission submission;
  private final Job.Maker jobs;
  private final Bucket bucket;
  private final SubmitReport report;
  private final Stop stop;
  private long openedAt;
  private Throwable readFailure;

  Submitting(Submission submission, Job.Maker jobs, Bucket bucket, SubmitReport report, Stop stop) {
    this.submission = submission;
    this.jobs = jobs;
    this.bucket = bucket;
    this.report = report;
    this.stop = stop;
  }

  /** Ends with the lines, at a failure that all further jobs would share, or with a stop. */
  void run(LineFeed feed) throws InterruptedException {
    boolean end = false;
    try {
      while (!end && goesOn()) {
        Optional<LineFeed.Chunk> chunk = feed.next(LOOK);
        if (chunk.isPresent()) {
          take(chunk.get());
          end = chunk.get().end();
          readFailure = chunk.get().failure();
        }
        if (!submission.isFlushed() && System.nanoTime() - openedAt >= LINGER.toNanos()) {
          submission.flush();
        }
        submission.tellOfEnded();
      }
    } catch (RuntimeException e) {
      submission.abandon();
      report.sayHowFar();
      throw e;
    }
    if (end && readFailure == null && goesOn()) {
      submission.finish();
    } else {
      submission.abandon();
    }
  }

  private boolean goesOn() {
    return submission.failure() == null && !stop.isAsked();
  }

  private void take(LineFeed.Chunk chunk) throws InterruptedException {
    for (JobLines.Line line : chunk.lines()) {
      if (!goesOn()) {
        return;
      }
      Optional<Job> job = job(line);
      if (job.isPresent()) {
        openedAt = submission.isFlushed() ? System.nanoTime() : openedAt;
        submission.add(job.get());
      }
    }
  }

  private Optional<Job> job(JobLines.Line line) throws InterruptedException {
    Job job = jobs.job(line.number(), line.text());
    try {
      if (line.problem() != null) {
        throw new Bucket.Unusable(line.problem());
      }
      return Optional.of(job.bytes() > MessageFormat.MAX_BYTES ? bucket.store(job) : job);
    } catch (Bucket.Unusable e) {
      report.unusable(line.number(), e.getMessage());
      return Optional.empty();
    }
  }

  /** Why the lines could not be read to their end; null if they could. */
  Throwable readFailure() {
    return readFailure;
  }
}
