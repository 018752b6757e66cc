package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobExecutor;
import com.amazonaws.jobprocessor.PermanentJobFailure;
import com.amazonaws.jobprocessor.RetryAfter;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Runs one job on the thread of a slot, from the take to the hand-over for settling. */
final class JobRun {
  private final JobExecutor executor;
  private final Definitions definitions;
  private final InHand inHand;
  private final Settlement settlement;
  private final Suspects suspects;
  private final MonotonicClock clock;
  private final WorkListener listener;
  private final Vitals vitals;

  JobRun(
      JobExecutor executor,
      Definitions definitions,
      InHand inHand,
      Settlement settlement,
      Suspects suspects,
      MonotonicClock clock,
      WorkListener listener,
      Vitals vitals) {
    this.executor = executor;
    this.definitions = definitions;
    this.inHand = inHand;
    this.settlement = settlement;
    this.suspects = suspects;
    this.clock = clock;
    this.listener = listener;
    this.vitals = vitals;
  }

  /**
   * The job has been claimed in the job table, if there is one; the {@link LeaseKeeper} keeps lease
   * and claim until it is settled.
   */
  void run(InHand.Next next) {
    Thread.interrupted(); // by a thread that another job has left behind
    Job job = next.job();
    Outcome outcome = !mayRun(job) ? null : next.suspect() ? attemptWithNote(job) : attempt(job);
    try (Vitals.Step _ = vitals.step("end of a job's run")) {
      inHand.returned(next);
      if (outcome == null) {
        drop(job);
      } else if (job.conclude()) {
        settlement.settle(job, outcome);
      }
    }
  }

  /**
   * Behind others of its group, or waiting for a retry, a job may spend much of its twelve hours;
   * and while it waits for its note or its payload, it may be lost.
   */
  private boolean mayRun(Job job) {
    long now = clock.nanoTime();
    return job.isOurs(now) && !job.lease().isLate(now);
  }

  private void drop(Job job) {
    long now = clock.nanoTime();
    if (job.lease().isOver(now)) {
      settlement.lostUnrun(job);
    } else if (job.conclude()) {
      String reason = job.isOurs(now) ? "it was received hours ago" : "its claim ran out";
      settlement.settle(job, Outcome.GivenBack.now(reason));
    }
  }

  private @Nullable Outcome attemptWithNote(Job job) {
    try (Suspects.Note note = suspects.note(job)) {
      return note == null ? Suspects.runsElsewhere(job) : attempt(job);
    }
  }

  /** How the attempt ended; null if there was none, since its definition came too late. */
  private @Nullable Outcome attempt(Job job) {
    Attempt attempt = new Attempt();
    job.running(attempt);
    try (Definitions.Definition definition = definitions.of(job)) {
      if (!mayRun(job)) {
        attempt.end();
        return null;
      }
      attempt.begin(clock.nanoTime());
      String result = execute(job, definition.text());
      Attempt.Stop stop = attempt.end();
      Duration took = Duration.ofNanos(clock.nanoTime() - attempt.startedAt());
      listener.ran(job.id(), took);
      return stop == null || stop == Attempt.Stop.GIVE_BACK
          ? new Outcome.Succeeded(result, took)
          : stopped(stop);
    } catch (Definitions.Away e) {
      attempt.end();
      return new Outcome.GivenBack("the payload bucket does not answer", PayloadStore.away(job));
    } catch (Throwable t) { // whatever an executor throws fails this attempt only, Errors included
      Attempt.Stop stop = attempt.end();
      return stop == null ? failed(t) : stopped(stop);
    } finally {
      job.running(null);
    }
  }

  private @Nullable String execute(Job job, String definition) throws Exception {
    return executor instanceof JobAwareExecutor aware
        ? aware.execute(definition, job.context())
        : executor.execute(definition);
  }

  /** How an attempt that was interrupted ends. */
  static Outcome stopped(Attempt.Stop stop) {
    return switch (stop) {
      case TIMEOUT -> Outcome.Failed.forNow("JobTimeout", "took longer than job_timeout_in_secs");
      case LEASE_LIMIT ->
          Outcome.Failed.forGood("LeaseLimit", "SQS lends a message for twelve hours at most");
      case CLAIM_LOST -> new Outcome.TakenOver();
      case GIVE_BACK -> Outcome.GivenBack.now("worker stops");
    };
  }

  private static Outcome failed(Throwable t) {
    if (t instanceof Payloads.Unreadable payload) {
      return new Outcome.Failed(payload.type(), messageOf(t), payload.isForGood(), null);
    }
    return new Outcome.Failed(
        t.getClass().getName(), messageOf(t), t instanceof PermanentJobFailure, delayOf(t));
  }

  private static @Nullable Duration delayOf(Throwable t) {
    try {
      return t instanceof RetryAfter retry ? retry.delay() : null;
    } catch (Throwable e) {
      return null; // a subclass of the user's
    }
  }

  private static String messageOf(Throwable t) {
    try {
      return String.valueOf(t.getMessage() == null ? "" : t.getMessage());
    } catch (Throwable e) {
      return "its getMessage() threw " + e.getClass().getName();
    }
  }
}
