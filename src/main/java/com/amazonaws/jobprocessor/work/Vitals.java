package com.amazonaws.jobprocessor.work;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The steps of the worker that are under way, each with the time that it may take: one that takes
 * longer hangs. Waiting for a free place, a back-off or a lease is no step. Safe for use by several
 * threads.
 */
public final class Vitals {
  /**
   * What a step may take beyond the time-out of its call, on a machine whose cores are all busy.
   */
  static final Duration SLACK = Duration.ofSeconds(60);

  private final MonotonicClock clock;
  private final Set<Step> steps = ConcurrentHashMap.newKeySet();

  /** Nothing is under way. */
  public Vitals(MonotonicClock clock) {
    this.clock = clock;
  }

  /** Begins a step that may take so long; closing it ends it. */
  Step begin(String name, Duration most) {
    Step step = new Step(name, clock.nanoTime(), most.toNanos());
    steps.add(step);
    return step;
  }

  /** The names of the steps that have begun and not ended. */
  List<String> underWay() {
    return steps.stream().map(step -> step.name).toList();
  }

  /** What hangs, and for how long: for the log. */
  public List<String> stuck() {
    long now = clock.nanoTime();
    return steps.stream()
        .filter(step -> step.isStuck(now))
        .map(step -> step.describe(now))
        .toList();
  }

  /** Something that ends soon, or hangs. */
  final class Step implements AutoCloseable {
    private final String name;
    private final long since;
    private final long most;

    private Step(String name, long since, long most) {
      this.name = name;
      this.since = since;
      this.most = most;
    }

    private boolean isStuck(long now) {
      return now - since > most;
    }

    private String describe(long now) {
      return name + " for " + Duration.ofNanos(now - since).toSeconds() + " s";
    }

    @Override
    public void close() {
      steps.remove(this);
    }
  }
}
