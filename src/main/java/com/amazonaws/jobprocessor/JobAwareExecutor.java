package com.amazonaws.jobprocessor;

/** An executor that wants to know more of a job than its definition. */
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

  /** Never called by the worker. */
  @Override
  default String execute(String jobDefinition) throws Exception {
    throw new IllegalStateException(getClass().getName() + " runs jobs with their context only");
  }
}
