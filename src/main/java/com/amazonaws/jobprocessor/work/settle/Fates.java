package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.settle.RemainderWriter.Back;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What is left to be done for the jobs of a message, all of which are settled. */
final class Fates {
  /** Jobs of a pack that go back together. */
  record Group(List<Back> jobs, Duration delay) {}

  private final List<Job> ended = new ArrayList<>();
  private final List<Job> unended = new ArrayList<>();
  private final List<Back> retries = new ArrayList<>();
  private final List<Back> unharmed = new ArrayList<>();
  private final List<Back> all = new ArrayList<>();
  private final List<WorkEvent> told = new ArrayList<>();
  private Duration retryDelay = Duration.ZERO;
  private Duration backDelay = Duration.ZERO;
  private boolean lost;

  /** In the order of the jobs. */
  Fates(List<Job> jobs, List<Fate> fates) {
    for (int i = 0; i < jobs.size(); i++) {
      add(jobs.get(i), fates.get(i));
    }
  }

  private void add(Job job, Fate fate) {
    if (fate instanceof Fate.Ended) {
      ended.add(job);
      return;
    }
    unended.add(job);
    switch (fate) {
      case Fate.Ended _ -> {}
      case Fate.Lost _ -> lost = true;
      case Fate.Retry retry -> {
        Back back = new Back(job, job.attempt(), false);
        retries.add(back);
        all.add(back);
        retryDelay = longer(retryDelay, retry.delay());
        told.add(retry.told());
      }
      case Fate.GoesBack goes -> {
        int attempts = goes.tried() ? job.attempt() : job.attempt() - 1;
        Back back = new Back(job, attempts, goes.tried());
        unharmed.add(back);
        all.add(back);
        backDelay = longer(backDelay, goes.delay());
        told.add(goes.told());
      }
    }
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? other : one;
  }

  /** True if nothing may be said of a job any more. */
  boolean isAnyLost() {
    return lost;
  }

  boolean haveEnded() {
    return unended.isEmpty();
  }

  /** True if all go back as they have come. */
  boolean isNothingToSay() {
    return ended.isEmpty() && retries.isEmpty();
  }

  List<Job> ended() {
    return ended;
  }

  List<Job> unended() {
    return unended;
  }

  /** What is to be told when it is sure that they go back. */
  List<WorkEvent> told() {
    return told;
  }

  /** The longest of all. */
  Duration delay() {
    return longer(retryDelay, backDelay);
  }

  /** Those that go back; one group if they may wait for the same time. */
  List<Group> groups() {
    if (retries.isEmpty() || unharmed.isEmpty() || retryDelay.equals(backDelay)) {
      return List.of(new Group(all, delay()));
    }
    return List.of(new Group(retries, retryDelay), new Group(unharmed, backDelay));
  }
}
