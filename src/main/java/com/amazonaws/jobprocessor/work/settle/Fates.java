package com.amazonaws.jobprocessor.work.settle;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.settle.RemainderWriter.Back;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** What is left to be done for the jobs of a message, all of which are settled. */
final class Fates {
  /** Jobs of a pack that go back together. */
  record Group(List<Back> jobs, Duration delay) {}

  /** A job that goes back, because its attempt failed or unharmed, and its own delay. */
  private record Going(Back back, boolean failed, Duration delay) {}

  private final List<Job> ended = new ArrayList<>();
  private final List<Job> unended = new ArrayList<>();
  private final List<Going> going = new ArrayList<>();
  private final List<WorkEvent> told = new ArrayList<>();
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
        going.add(new Going(new Back(job, job.attempt(), false), true, retry.delay()));
        told.add(retry.told());
      }
      case Fate.GoesBack goes -> {
        int attempts = goes.tried() ? job.attempt() : job.attempt() - 1;
        going.add(new Going(new Back(job, attempts, goes.tried()), false, goes.delay()));
        told.add(goes.told());
      }
    }
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
    return ended.isEmpty() && going.stream().noneMatch(Going::failed);
  }

  List<Job> ended() {
    return ended;
  }

  List<Job> unended() {
    return unended;
  }

  /** Those whose attempts failed, for now or for good. */
  List<Back> tried() {
    return going.stream()
        .filter(job -> job.failed() || job.back().hasEnded())
        .map(Going::back)
        .toList();
  }

  /** What is to be told when it is sure that they go back. */
  List<WorkEvent> told() {
    return told;
  }

  /** The same of those that wait for one another: a retry comes when its group does. */
  List<WorkEvent> toldInGroups() {
    Duration retry = Remainders.cut(longest(Going::failed));
    return told.stream()
        .map(
            event ->
                event instanceof WorkEvent.Retried retried
                    ? new WorkEvent.Retried(retried.failure(), retry)
                    : event)
        .toList();
  }

  /**
   * How long all wait that stay together: no time if some were not begun, and all go back as they
   * have come, or else as long as the one that waits longest.
   */
  Duration delay() {
    boolean atOnce = isNothingToSay() && going.stream().anyMatch(job -> job.delay().isZero());
    return atOnce ? Duration.ZERO : longest(_ -> true);
  }

  private Duration longest(Predicate<Going> which) {
    return going.stream()
        .filter(which)
        .map(Going::delay)
        .max(Comparator.naturalOrder())
        .orElse(Duration.ZERO);
  }

  /**
   * Those that go back, in three groups at most, by how long they wait: those whose attempts
   * failed, as long as the longest of them; of the others those that have a delay of their own, and
   * those that have none. Groups that wait for the same time are one.
   */
  List<Group> groups() {
    Duration retry = longest(Going::failed);
    Duration back = longest(job -> !job.failed());
    Map<Duration, List<Back>> groups = new LinkedHashMap<>();
    for (Going job : going) {
      Duration unharmed = job.delay().isZero() ? Duration.ZERO : back;
      Duration delay = job.failed() ? retry : unharmed;
      groups.computeIfAbsent(delay, _ -> new ArrayList<>()).add(job.back());
    }
    return groups.entrySet().stream()
        .map(group -> new Group(group.getValue(), group.getKey()))
        .toList();
  }
}
