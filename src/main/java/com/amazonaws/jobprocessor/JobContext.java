package com.amazonaws.jobprocessor;

import java.util.Map;

/**
 * What a {@link JobAwareExecutor} may know of the job that it runs.
 *
 * @param jobId the message attribute {@code job_id}, else the SQS MessageId
 * @param messageId the SQS MessageId
 * @param attempt the number of this attempt, from 1
 * @param attributes the job's message attributes of the types String and Number, by name
 */
public record JobContext(
    String jobId, String messageId, int attempt, Map<String, String> attributes) {
  /** Copies the attributes. */
  public JobContext {
    attributes = Map.copyOf(attributes);
  }
}
