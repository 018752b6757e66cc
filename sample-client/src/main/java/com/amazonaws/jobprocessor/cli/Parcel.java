package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.util.List;

/**
 * A message to be sent, with what it carries: a job, or a pack of several.
 *
 * @param jobs in the order of their lines, at least one
 */
record Parcel(List<Job> jobs, OutgoingMessage message) {
  /** A job alone in its message. */
  static Parcel of(Job job) {
    return new Parcel(List.of(job), job.message());
  }

  Job first() {
    return jobs.getFirst();
  }

  Job last() {
    return jobs.getLast();
  }

  int bytes() {
    return MessageFormat.size(message.body(), message.attributes());
  }
}
