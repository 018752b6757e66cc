package com.amazonaws.jobprocessor.work;

import com.amazonaws.jobprocessor.work.job.Attempt;
import com.amazonaws.jobprocessor.work.job.Outcome;
import com.amazonaws.jobprocessor.work.room.SlotRun;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends all work of a worker, in this order: no more receives; what has not begun goes back; running
 * jobs may finish, or go back; all that has ended is settled; only then are leases kept no more.
 */
final class Drain {
  private static final Logger log = LoggerFactory.getLogger(Worker.class);

  /** Together the 300 ms that a long poll has to answer. */
  private static final int LONG_POLL_LOOKS = 6;

  private static final Duration LONG_POLL_LOOK = Duration.ofMillis(50);
  private static final Duration CUT_GRACE = Duration.ofSeconds(2);
  private static final Duration GIVE_BACK_GRACE = Duration.ofSeconds(5);
  private static final Duration FLUSH_GRACE = Duration.ofSeconds(10);
  private static final long LOOK = TimeUnit.MILLISECONDS.toNanos(100);

  private final Worker worker;
  private final DrainDeadline deadline;

  /** Runs that are given back before the deadline, and since when they have been told to end. */
  private final Map<SlotRun, Long> givenBack = new HashMap<>();

  /** Those of them that have not ended by then, and are not waited for. */
  private final Set<SlotRun> abandoned = new HashSet<>();

  private DrainDeadline.Terms judged;

  /** A drain that has not begun. */
  Drain(Worker worker, DrainDeadline deadline) {
    this.worker = worker;
    this.deadline = deadline;
    this.judged = DrainDeadline.patient(deadline.at()).terms();
  }

  void run() throws InterruptedException {
    stopReceiving();
    worker.messageEnd.hurry();
    worker.claims.hurry();
    awaitRunningJobs();
    flush();
    worker.leaseKeeper.stop();
    worker.room.inFlight().close();
  }

  /** A receive under way would bring back what is given back: that would cost a retry elsewhere. */
  private void stopReceiving() throws InterruptedException {
    worker.queueListener.stop();
    worker.room.slots().close();
    if (!receivesHaveEnded()) {
      worker.queueListener.cut();
      worker.permits.awaitNoReceives(CUT_GRACE.toNanos());
    }
    worker.room.groups().close();
    worker.room.turns().close();
    worker.definitions.close();
    worker.room.slots().empty().forEach(run -> run.end(Outcome.GivenBack.now("worker stops")));
  }

  /** In small steps: if the machine stalls, an answer that has come by then is not cut unread. */
  private boolean receivesHaveEnded() throws InterruptedException {
    for (int i = 1; i < LONG_POLL_LOOKS; i++) {
      if (worker.permits.awaitNoReceives(LONG_POLL_LOOK.toNanos())) {
        return true;
      }
    }
    return worker.permits.awaitNoReceives(LONG_POLL_LOOK.toNanos());
  }

  private void awaitRunningJobs() throws InterruptedException {
    while (deadline.at() - now() > 0 && !allRunInVain() && !isIdle()) {
      judge();
      worker.room.slots().awaitIdle(LOOK);
    }
    if (!isIdle()) {
      giveBackRunningJobs();
    } else if (!givenBack.isEmpty()) {
      endChildren(); // only what they have left behind can run
    }
  }

  private long now() {
    return worker.runtime.now();
  }

  private boolean isIdle() {
    return abandoned.containsAll(running());
  }

  private List<SlotRun> running() {
    return worker.room.slots().running();
  }

  /** True if every job that runs is stuck, or lost, so that its end is not worth a wait. */
  private boolean allRunInVain() {
    long now = now();
    return running().stream()
        .allMatch(run -> attemptOf(run).isStuck(now) || run.job().message().lease().isOver(now));
  }

  /**
   * Gives back at once what will not be done by the deadline: strictly when the deadline is new,
   * from then on only what has lost next to all hope.
   */
  private void judge() {
    DrainDeadline.Terms terms = deadline.terms();
    if (!terms.judging()) {
      return;
    }
    boolean anew = !terms.equals(judged);
    judged = terms;
    long now = now();
    Duration left = Duration.ofNanos(Math.max(0, terms.at() - now));
    for (SlotRun run : running()) {
      Duration age = attemptOf(run).ran(now);
      Long since = givenBack.get(run);
      if (since != null) {
        abandonIfOverdue(run, now - since);
      } else if (anew
          ? !worker.runTimes.likelyDone(age, left)
          : worker.runTimes.hardlyDone(age, left)) {
        givenBack.put(run, now);
        attemptOf(run).stop(Attempt.Stop.GIVE_BACK, now);
      }
    }
  }

  private void abandonIfOverdue(SlotRun run, long nanos) {
    if (nanos >= GIVE_BACK_GRACE.toNanos() && abandoned.add(run)) {
      abandon(run);
    }
  }

  private static Attempt attemptOf(SlotRun run) {
    return Objects.requireNonNull(run.attempt(), "a run that a slot has is an attempt");
  }

  private void giveBackRunningJobs() throws InterruptedException {
    long now = now();
    running().forEach(run -> attemptOf(run).stop(Attempt.Stop.GIVE_BACK, now));
    boolean idle = worker.room.slots().awaitIdle(GIVE_BACK_GRACE.toNanos());
    endChildren();
    if (!idle) {
      running().forEach(this::abandon);
    }
  }

  private static void endChildren() {
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /** The job runs on until the process ends, but its message is dealt with now. */
  private void abandon(SlotRun run) {
    Attempt attempt = attemptOf(run);
    Attempt.Stop reason = attempt.stopped();
    if (reason == null) {
      return; // it has just ended
    }
    // Before others have it; but what SQS has lent for twelve hours is not to be run so long again.
    if (reason != Attempt.Stop.LEASE_LIMIT) {
      worker.room.suspects().giveUp(run.job());
    }
    if (run.end(JobRun.abandoned(reason, attempt.ran(now())))) {
      log.atWarn()
          .addKeyValue("job_id", run.job().id())
          .log("a job does not heed its interrupt; it ends with the process");
    }
  }

  private void flush() throws InterruptedException {
    long atLeast = now() + FLUSH_GRACE.toNanos();
    while (!worker.room.inFlight().awaitNone(LOOK)) {
      long now = now();
      if (deadline.at() - now <= 0 && atLeast - now <= 0) {
        log.atWarn()
            .addKeyValue("messages", worker.room.inFlight().size())
            .log(
                "stopped with messages unsettled; SQS delivers them again when their leases are over");
        return;
      }
    }
  }
}
