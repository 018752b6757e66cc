package com.amazonaws.jobprocessor;

/**
 * Thrown by an executor when this box cannot run jobs now, whatever the job: a service on it is
 * down, a program is missing, memory or a disk is full.
 *
 * <p>The attempt costs the job nothing: no retry is used up and no dead letter is written. The job
 * goes back to the backlog at once, so that another worker can run it. This worker stops receiving,
 * waits with growing, jittered delays, tries again with a single job, and goes on at full speed as
 * soon as one ends in any other way.
 *
 * <p>Throw it only for what is wrong with the box. A job that causes it by itself, by its size for
 * example, would stop one worker after the other; such a failure is an ordinary exception.
 */
public class ExecutorUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * The box cannot run jobs now.
   *
   * @param why what is wrong, as one line for the operator: it is shown in the log, in the unit's
   *     status and on the status page
   */
  public ExecutorUnavailable(String why) {
    super(why);
  }

  /**
   * The box cannot run jobs now, because of another failure.
   *
   * @param why as in {@link #ExecutorUnavailable(String)}
   * @param cause what went wrong, or null; its stack trace goes to the log
   */
  public ExecutorUnavailable(String why, Throwable cause) {
    super(why, cause);
  }
}
