package com.amazonaws.jobprocessor;

/**
 * Turns a job definition into a result: the one thing a user of the job processor has to write.
 *
 * <p>The class is public and has a public constructor without arguments. One instance serves all
 * slots of a worker at the same time, so it must be thread-safe. It may also implement {@link
 * Configurable} to get its settings, {@link JobAwareExecutor} to see the job's id, attempt and
 * attributes, and {@link AutoCloseable} to clean up when the worker stops.
 *
 * <p>The thread is interrupted when the attempt is over its time limit, or when the worker stops
 * and cannot wait any longer: stop soon then, with any exception.
 */
@FunctionalInterface
public interface JobExecutor {
  /**
   * Runs one attempt of one job.
   *
   * @param jobDefinition the body of the job's message, any text that SQS allows, never null; up to
   *     1 MiB in UTF-8, or up to 64 MiB if {@code payload_bucket_name} is set
   * @return the result: text of the characters that SQS allows, up to 1 MiB in UTF-8, or up to 64
   *     MiB if {@code payload_bucket_name} is set; {@code null} and {@code ""} are sent as an empty
   *     result
   * @throws PermanentJobFailure if trying again cannot help: the job goes to the dead-letter queue
   *     at once
   * @throws RetryAfter if the attempt failed and the next one should wait for a given time
   * @throws ExecutorUnavailable if this box cannot run jobs now: the attempt does not count, and
   *     the job goes back to the backlog at once
   * @throws Exception if the attempt failed; what else is thrown, Errors included, fails this
   *     attempt only as well. The class name becomes the dead letter's {@code error_type}, the
   *     message its {@code error_message}
   */
  String execute(String jobDefinition) throws Exception;
}
