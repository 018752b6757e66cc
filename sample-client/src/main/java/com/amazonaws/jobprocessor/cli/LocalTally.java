package com.amazonaws.jobprocessor.cli;

import com.amazonaws.jobprocessor.work.call.WorkEvent;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Counts what becomes of the jobs of a run. Safe for use by several threads. */
final class LocalTally implements Consumer<WorkEvent> {
  private static final int MAX_KINDS = 50;
  private static final String OTHER = "others";

  /** What the executor Sleep answers. */
  private static final Pattern SLEPT = Pattern.compile("slept ([0-9]{1,8}) ms");

  private final LongAdder results = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder bad = new LongAdder();
  private final LongAdder millis = new LongAdder();
  private final LongAccumulator longest = new LongAccumulator(Math::max, 0);
  private final Map<String, Long> kinds = new TreeMap<>();
  private final long startedAt = System.nanoTime();
  private volatile long endedAt = startedAt;

  @Override
  public void accept(WorkEvent event) {
    switch (event) {
      case WorkEvent.Succeeded _ -> {
        results.increment();
        endedAt = System.nanoTime();
      }
      case WorkEvent.DeadLettered dead -> {
        failed.increment();
        endedAt = System.nanoTime();
        count(dead.failure().type());
      }
      case WorkEvent.Retried _ -> retries.increment();
      default -> {}
    }
  }

  private synchronized void count(String kind) {
    kinds.merge(kinds.containsKey(kind) || kinds.size() < MAX_KINDS ? kind : OTHER, 1L, Long::sum);
  }

  /** A line that cannot be a job. */
  void badLine() {
    bad.increment();
  }

  /** A result of the executor Sleep, which says how long the job is to take. */
  void slept(String result) {
    Matcher sleep = SLEPT.matcher(result);
    if (sleep.matches()) {
      long one = Long.parseLong(sleep.group(1));
      millis.add(one);
      longest.accumulate(one);
    }
  }

  long results() {
    return results.sum();
  }

  long failed() {
    return failed.sum();
  }

  long ended() {
    return results() + failed();
  }

  long retries() {
    return retries.sum();
  }

  long bad() {
    return bad.sum();
  }

  /** How many jobs have failed for good, by what they failed with. */
  synchronized Map<String, Long> kinds() {
    return new TreeMap<>(kinds);
  }

  /** From the start to the last end of a job. */
  Duration time() {
    return Duration.ofNanos(endedAt - startedAt);
  }

  /**
   * How long those with a result would take so many threads if nothing but their sleep took time.
   */
  Duration ideal(int threads) {
    return Duration.ofNanos(
        Math.max(1_000_000L * millis.sum() / threads, 1_000_000L * longest.get()));
  }
}
