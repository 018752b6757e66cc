package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a worker has to do at one moment.
 *
 * @param jobs those that run, the longest first
 * @param inFlight messages that are not settled, those whose jobs run included
 * @param calls for settled jobs that wait for their turn
 * @param busy for how long slots have had jobs so far
 * @param unavailable why the executor cannot run jobs on this box now, or null
 */
public record Load(
    List<Running> jobs, int inFlight, int calls, Busy busy, @Nullable String unavailable) {
  /**
   * For how long slots have had jobs.
   *
   * @param since when the worker was made, on its clock, which tells it from one that follows it
   * @param nanos all slots together
   */
  public record Busy(long since, long nanos) {}

  /**
   * A job that runs.
   *
   * @param attempt its number, from 1
   * @param age since the attempt began
   * @param renewals how often its message's lease has been renewed
   */
  public record Running(String id, int attempt, Duration age, int renewals) {
    static Running of(SlotRun run, long now) {
      Job job = run.job();
      Attempt attempt = run.attempt();
      return new Running(
          job.id(),
          job.attempt(),
          attempt == null ? Duration.ZERO : attempt.ran(now),
          job.message().lease().renewals());
    }
  }

  /** How many jobs run. */
  public int running() {
    return jobs.size();
  }
}
