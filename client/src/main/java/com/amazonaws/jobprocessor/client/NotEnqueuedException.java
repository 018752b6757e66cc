package com.amazonaws.jobprocessor.client;

import java.util.List;

/**
 * A job was not enqueued, or perhaps not. Its cause is the failure of a call that any other job
 * would meet too, if it was such a one.
 */
public class NotEnqueuedException extends ClientException {
  private static final long serialVersionUID = 1L;

  private final String jobId;
  private final boolean perhaps;
  private final transient List<String> enqueued;

  NotEnqueuedException(String jobId, boolean perhaps, String message) {
    this(jobId, perhaps, message, List.of());
  }

  private NotEnqueuedException(
      String jobId, boolean perhaps, String message, List<String> enqueued) {
    super(message);
    this.jobId = jobId;
    this.perhaps = perhaps;
    this.enqueued = List.copyOf(enqueued);
  }

  /** The same, of a call that has enqueued other jobs. */
  NotEnqueuedException beside(List<String> others) {
    NotEnqueuedException same =
        new NotEnqueuedException(jobId, perhaps, String.valueOf(getMessage()), others);
    same.initCause(this);
    return same;
  }

  /** The id of the first job that was not enqueued. */
  public String jobId() {
    return jobId;
  }

  /**
   * True if a call brought no answer, so that the job may be in the queue all the same, or if its
   * record is left, so that {@link Enqueuer#repair} sends it. With a job table it can be enqueued
   * again with the same id: it is one job.
   */
  public boolean perhaps() {
    return perhaps;
  }

  /** The ids of those jobs of the same call that were enqueued, in their order. */
  public List<String> enqueued() {
    return enqueued == null ? List.of() : enqueued;
  }
}
