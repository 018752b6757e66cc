package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.RetryAfter;
import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkerRuntime;
import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.ExecutorHealth;
import com.amazonaws.jobprocessor.work.room.RunTimes;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import com.amazonaws.jobprocessor.work.room.Suspects;
import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.MDC;

/** Runs the executor on one job, on the thread of a slot. */
final class JobRun {
  private final JobExecutor executor;
  private final ThrownText words;
  private final Suspects suspects;
  private final ExecutorHealth health;
  private final RunTimes runTimes;
  private final WorkerRuntime runtime;

  JobRun(
      JobExecutor executor,
      ThrownText words,
      Suspects suspects,
      ExecutorHealth health,
      RunTimes runTimes,
      WorkerRuntime runtime) {
    this.executor = executor;
    this.words = words;
    this.suspects = suspects;
    this.health = health;
    this.runTimes = runTimes;
    this.runtime = runtime;
  }

  /** Makes the attempt, if the job is still ours; says what came of it. */
  Outcome run(SlotRun run) {
    Attempt attempt = Objects.requireNonNull(run.attempt(), "a slot begins the attempt");
    Outcome unrun = whyNot(run.job());
    if (unrun != null) {
      attempt.end();
      return unrun;
    }
    return run.isSuspect() ? executeWithNote(run, attempt) : execute(run, attempt);
  }

  /**
   * Behind others of its group, or waiting for a retry or for its payload, a job may spend much of
   * its twelve hours, or be lost.
   */
  private @Nullable Outcome whyNot(Job job) {
    long now = runtime.now();
    if (job.message().lease().isOver(now)) {
      return new Outcome.LeaseOver();
    }
    if (!job.isOurs(now)) {
      return Outcome.GivenBack.now("its claim ran out");
    }
    return job.message().lease().isLate(now)
        ? Outcome.GivenBack.now("it was received hours ago")
        : null;
  }

  private Outcome executeWithNote(SlotRun run, Attempt attempt) {
    boolean _ = Thread.interrupted(); // none of ours; it would close the note's file
    try (Suspects.Note note = suspects.note(run.job())) {
      if (note != null) {
        return execute(run, attempt);
      }
    }
    attempt.end();
    return suspects.runsElsewhere(run.job());
  }

  private Outcome execute(SlotRun run, Attempt attempt) {
    Attempt.Stop early = attempt.begin();
    if (early != null) {
      attempt.end();
      return notBegun(early, run.job(), attempt);
    }
    Job job = run.job();
    job.claim().begin(runtime.now());
    MDC.put("job_id", job.id());
    MDC.put("attempt", Integer.toString(job.attempt()));
    try {
      String result;
      try {
        result =
            executor instanceof JobAwareExecutor aware
                ? aware.execute(run.definition(), job.context())
                : executor.execute(run.definition());
      } catch (Throwable t) { // what an executor throws fails this attempt only, Errors included
        return thrown(job, t, attempt);
      }
      return returned(job, result, attempt);
    } finally {
      MDC.clear();
    }
  }

  private Outcome returned(Job job, @Nullable String result, Attempt attempt) {
    Attempt.Stop stop = attempt.end();
    Duration took = attempt.ran(runtime.now());
    tell(job, took, true);
    health.worked(attempt);
    if (stop == null) {
      runTimes.ended(took);
    }
    return stop == null || stop == Attempt.Stop.GIVE_BACK
        ? new Outcome.Succeeded(result, took)
        : stopped(stop, took);
  }

  private Outcome thrown(Job job, Throwable t, Attempt attempt) {
    // Asking what it throws runs the executor's code, too: that has the attempt's time limit.
    boolean fails = attempt.stopped() == null && !(t instanceof ExecutorUnavailable);
    String message = fails ? words.all(t) : words.message(t);
    StackText trace = fails ? words.trace(t) : null;
    Attempt.Stop stop = attempt.end();
    Duration ran = attempt.ran(runtime.now());
    if (stop != null) {
      tell(job, ran, false);
      if (stop == Attempt.Stop.TIMEOUT) {
        health.timedOut(attempt);
      }
      return stopped(stop, ran, "it ended after ", thrownBesides(t, message));
    }
    if (t instanceof ExecutorUnavailable) {
      health.unavailable(job.id(), message);
      return new Outcome.Unavailable(message);
    }
    tell(job, ran, false);
    health.worked(attempt);
    runTimes.ended(attempt.ran(runtime.now()));
    return new Outcome.Failed(
        t.getClass().getName(), message, t instanceof PermanentJobFailure, delayOf(t), trace);
  }

  private void tell(Job job, Duration took, boolean returned) {
    Long sentAt = job.attempt() == 1 ? job.message().delivery().sentAtMillis() : null;
    runtime.tell(new WorkEvent.Ran(job.id(), took, returned, sentAt));
  }

  /** A suspect's attempt that was stopped while its note was written is none: nothing has run. */
  private Outcome notBegun(Attempt.Stop stop, Job job, Attempt attempt) {
    return switch (stop) {
      case GIVE_BACK -> Outcome.GivenBack.now("worker stops");
      case TIMEOUT ->
          new Outcome.GivenBack(
              "writing its note took longer than job_timeout_in_secs", suspects.delay(job));
      case LEASE_LIMIT, CLAIM_LOST -> stopped(stop, attempt.ran(runtime.now()));
    };
  }

  /** How an attempt that was interrupted has ended, after it has run for so long. */
  private static Outcome stopped(Attempt.Stop stop, Duration ran) {
    return stopped(stop, ran, "it ended after ", "");
  }

  /** How an attempt counts that has not ended, though it was interrupted. */
  static Outcome abandoned(Attempt.Stop stop, Duration ran) {
    return stopped(stop, ran, "it ignored its interrupt and still ran after ", "");
  }

  /** It may have failed by itself just before, and told so only now. */
  private static String thrownBesides(Throwable t, String message) {
    return t instanceof InterruptedException
        ? ""
        : " with " + t.getClass().getName() + (message.isEmpty() ? "" : ": " + message);
  }

  private static Outcome stopped(Attempt.Stop stop, Duration ran, String end, String besides) {
    return switch (stop) {
      case TIMEOUT ->
          Outcome.Failed.forNow(
              "JobTimeout",
              "took longer than job_timeout_in_secs; " + end + ran.toSeconds() + " s" + besides);
      case LEASE_LIMIT ->
          Outcome.Failed.forGood("LeaseLimit", "SQS lends a message for twelve hours at most");
      case CLAIM_LOST -> new Outcome.TakenOver();
      case GIVE_BACK -> new Outcome.GivenBack("worker stops", Duration.ZERO, ran);
    };
  }

  private static @Nullable Duration delayOf(Throwable t) {
    try {
      return t instanceof RetryAfter retry ? retry.delay() : null;
    } catch (Throwable e) {
      return null; // a subclass of the user's
    }
  }
}
