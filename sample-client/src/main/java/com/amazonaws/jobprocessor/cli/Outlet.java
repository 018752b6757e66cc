package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.client.send.Job;
import com.amazonaws.jobprocessor.client.send.Submission;
import com.amazonaws.jobprocessor.port.CallFailed;

/** Takes jobs to their queue, and tells of each what has become of it. For one thread. */
interface Outlet extends AutoCloseable {
  /** Takes a job; waits while too many are under way. */
  void add(Job job) throws InterruptedException;

  /** Sends what waits for others to share its request. */
  void flush();

  /** True if nothing waits for others that has to be flushed. */
  boolean isFlushed();

  /** Tells of the jobs that have ended, without waiting for the others. */
  void tellOfEnded() throws InterruptedException;

  /** What any further call would fail with too; null if all goes well. */
  CallFailed failure();

  /** Sends the rest, and waits until all have been told of. */
  void finish() throws InterruptedException;

  /** Begins no further call, waits for those that are under way, and tells of every job. */
  void abandon() throws InterruptedException;

  @Override
  void close();

  /** Straight into the queue. */
  record Direct(Submission submission) implements Outlet {
    @Override
    public void add(Job job) throws InterruptedException {
      submission.add(job);
    }

    @Override
    public void flush() {
      submission.flush();
    }

    @Override
    public boolean isFlushed() {
      return submission.isFlushed();
    }

    @Override
    public void tellOfEnded() throws InterruptedException {
      submission.tellOfEnded();
    }

    @Override
    public CallFailed failure() {
      return submission.failure();
    }

    @Override
    public void finish() throws InterruptedException {
      submission.finish();
    }

    @Override
    public void abandon() throws InterruptedException {
      submission.abandon();
    }

    @Override
    public void close() {
      submission.close();
    }
  }
}
