package com.amazonaws.jobprocessor.work.call;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Tells whether everything of ours is alive: a step that takes longer than it ever should is stuck.
 * What waits (for a permit, after a failure, for a lease, for jobs to end) is within no step. Safe
 * for use by many threads.
 */
public final class StuckWatch {
  /**
   * For whatever ends by itself within 20 s at most, as calls of SQS and DynamoDB do: several times
   * that, since a machine whose cores are all taken is slow but not stuck.
   */
  public static final Duration USUAL = Duration.ofSeconds(60);

  private final MonotonicClock clock;
  private final Set<Step> steps = ConcurrentHashMap.newKeySet();

  /** Nothing is under way. */
  public StuckWatch(MonotonicClock clock) {
    this.clock = clock;
  }

  /** The calling thread begins something that it ends, by close, within the limit. */
  public Step within(String what, Duration limit) {
    Step step = new Step(what, limit.toNanos());
    steps.add(step);
    return step;
  }

  /** As {@link #within(String, Duration)}, with the usual limit. */
  public Step step(String what) {
    return within(what, USUAL);
  }

  /** Every step that has not ended within its limit, the longest first. */
  public List<Stuck> stuck() {
    long now = clock.nanoTime();
    return steps.stream()
        .filter(step -> now - step.since > step.limit)
        .map(step -> new Stuck(step.what, Duration.ofNanos(now - step.since), step.thread))
        .sorted(Comparator.comparing(Stuck::lasts).reversed())
        .toList();
  }

  /**
   * A step that should be over.
   *
   * @param lasts since it began
   * @param thread that has begun it
   */
  public record Stuck(String what, Duration lasts, Thread thread) {}

  /** Something under way, until it is closed. */
  public final class Step implements AutoCloseable {
    private final String what;
    private final long limit;
    private final long since = clock.nanoTime();
    private final Thread thread = Thread.currentThread();

    private Step(String what, long limit) {
      this.what = what;
      this.limit = limit;
    }

    @Override
    public void close() {
      steps.remove(this);
    }
  }
}
