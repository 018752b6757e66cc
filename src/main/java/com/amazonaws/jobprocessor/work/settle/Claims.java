package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * What this worker has claimed in the job table: claims jobs before they run, keeps the claims
 * while they do, records how they ended. Its methods wait for the table, but for {@link #keep}.
 */
public interface Claims {
  /** Without a job table every job is ours, and nothing is recorded. */
  Claims NONE =
      new Claims() {
        @Override
        public @Nullable Outcome claim(Job job, boolean ahead) {
          return null;
        }

        @Override
        public void putAhead(Job job) {
          // nobody counts its claims
        }

        @Override
        public void keep(Job job, long now) {
          // nobody else can have it
        }

        @Override
        public boolean record(Job job, JobTable.End end) {
          return true;
        }

        @Override
        public boolean release(Job job) {
          return true;
        }

        @Override
        public long nanosAway() {
          return 0;
        }

        @Override
        public void hurry() {
          // nothing is waited for
        }
      };

  /**
   * Claims a job.
   *
   * @param ahead true if no slot is at hand for it, so that it is no attempt yet
   * @return null if the job is ours to be run, else what is to become of it
   */
  @Nullable Outcome claim(Job job, boolean ahead) throws InterruptedException;

  /** No slot is at hand, after all, for a job that was claimed: tells the table, if it answers. */
  void putAhead(Job job) throws InterruptedException;

  /** Renews the claim of a job if that is due; returns at once. */
  void keep(Job job, long now);

  /**
   * Records how an attempt ended; tried again until the table answers or the job's lease is over.
   *
   * @return false if nothing may be sent: the job is not ours any more, or nobody knows
   */
  boolean record(Job job, JobTable.End end) throws InterruptedException;

  /** Lets go of a job that did not run; false if that is not sure. */
  boolean release(Job job) throws InterruptedException;

  /** Nanoseconds for which no jobs are to be received, because the table does not answer. */
  long nanosAway();

  /**
   * The worker stops: a claim that cannot be released is left to run out, so that its message need
   * not stay invisible.
   */
  void hurry();
}
