package com.amazonaws.jobprocessor.client.send;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.util.List;

/**
 * A message to be sent, with what it carries: a job, or a pack of several.
 *
 * @param jobs in the order of their lines, at least one
 */
public record Parcel(List<Job> jobs, OutgoingMessage message) {
  /** A job alone in its message. */
  public static Parcel of(Job job) {
    return new Parcel(List.of(job), job.message());
  }

  /** The first of its jobs. */
  public Job first() {
    return jobs.get(0);
  }

  /** The last of its jobs. */
  public Job last() {
    return jobs.get(jobs.size() - 1);
  }

  /** What counts towards SQS's limit. */
  public int bytes() {
    return MessageFormat.size(message.body(), message.attributes());
  }
}
