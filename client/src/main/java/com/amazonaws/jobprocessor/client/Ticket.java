package com.amazonaws.jobprocessor.client;

import com.amazonaws.jobprocessor.aws.QueuedJobs;
import com.amazonaws.jobprocessor.client.send.Job;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * A job from its handing over to its end.
 *
 * @param record what the job table is to say of it; null without a job table
 * @param room the bytes that it takes of the {@link Room}
 * @param urgent true if somebody waits for it alone
 * @param failuresBefore how many calls had {@link FailedCalls#count failed} when it, or a job that
 *     it must not overtake, was handed over
 * @param done ends with the job's id, or a {@link ClientException}
 */
record Ticket(
    Job job,
    QueuedJobs.@Nullable Entry record,
    long room,
    boolean urgent,
    long failuresBefore,
    CompletableFuture<String> done) {
  String id() {
    return job.id();
  }

  /** What whoever waits for its end needs of it: the definition takes no memory. */
  Ticket receipt() {
    return new Ticket(job.withoutBody(), null, room, urgent, failuresBefore, done);
  }

  /**
   * Waits for the job's end; returns its id.
   *
   * @throws NotEnqueuedException if it was not, or perhaps not, enqueued
   */
  String await() throws InterruptedException {
    try {
      return done.get();
    } catch (ExecutionException e) {
      if (e.getCause() instanceof NotEnqueuedException no) {
        throw no;
      }
      throw new ClientException("job " + id() + ": " + e.getCause(), e);
    }
  }
}
