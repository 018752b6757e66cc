package com.amazonaws.jobprocessor;

import java.util.Map;

/**
 * What a {@link JobAwareExecutor} is told about the job that it runs.
 *
 * @param jobId the message attribute {@code job_id}, 1 to 256 printable characters; the SQS
 *     MessageId if there is none
 * @param messageId the SQS MessageId
 * @param attempt the number of this attempt, from 1
 * @param attributes the job's message attributes of the types String and Number, by name
 */
public record JobContext(
    String jobId, String messageId, int attempt, Map<String, String> attributes) {
  /**
   * Copies the attributes.
   *
   * @throws NullPointerException if the attributes, or a name or value among them, are null
   */
  public JobContext {
    attributes = Map.copyOf(attributes);
  }
}
