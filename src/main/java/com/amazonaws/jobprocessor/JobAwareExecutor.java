package com.amazonaws.jobprocessor;

/** An executor that also needs a job's ids, attempt number or attributes. */
public interface JobAwareExecutor extends JobExecutor {
  /**
   * Runs one attempt of one job; called instead of {@link #execute(String)}, with the same rules.
   *
   * @param jobDefinition the body of the job's message, never null
   * @param job the job's ids, attempt and attributes
   * @return the result, as in {@link JobExecutor#execute(String)}
   * @throws Exception as in {@link JobExecutor#execute(String)}
   */
  String execute(String jobDefinition, JobContext job) throws Exception;

  /**
   * Not called by the worker, which calls {@link #execute(String, JobContext)}.
   *
   * @throws IllegalStateException always, unless it is overridden
   */
  @Override
  default String execute(String jobDefinition) throws Exception {
    throw new IllegalStateException(getClass().getName() + " runs jobs with their context only");
  }
}
