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
 * and cannot wait any longer: give up then, by any exception.
 */
@FunctionalInterface
public interface JobExecutor {
  /**
   * Runs one attempt of one job.
   *
   * @param jobDefinition the body of the job's message, any text that SQS allows (up to 1 MiB),
   *     never null
   * @return the result, up to 1 MiB of the characters that SQS allows; {@code null} and {@code ""}
   *     are sent as an empty result
   * @throws PermanentJobFailure if trying again cannot help: the job goes to the dead-letter queue
   *     at once
   * @throws RetryAfter if the attempt failed and the next one should wait for a given time
   * @throws Exception if the attempt failed; what else is thrown, Errors included, fails this
   *     attempt only as well
   */
  String execute(String jobDefinition) throws Exception;
}
