package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.stats.Snapshot.Measured;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;

/**
 * Remembers what had been counted every ten seconds of the last hour, and how long things took
 * every five minutes of it. Safe for use by several threads.
 */
final class Sampler {
  static final Duration STEP = Duration.ofSeconds(10);
  static final int MAX_STEPS = 360;
  private static final long HOUR = Duration.ofHours(1).toNanos();
  private static final long COPY_STEP = Duration.ofMinutes(5).toNanos();
  private static final int STEPS_OF_A_MINUTE = 6;

  private final Deque<Sums> points = new ArrayDeque<>();
  private final Deque<Copy> copies = new ArrayDeque<>();

  /**
   * What had been counted up to a moment.
   *
   * @param at the moment, in nanoseconds
   * @param busyNanos for how long slots had jobs, all together
   * @param heldNanos for how long {@code poll_rate_per_min} held back receives
   */
  record Sums(long at, long ended, long failed, long busyNanos, long heldNanos) {
    private Sums towards(Sums later, int step, int of) {
      return new Sums(
          at + (later.at - at) * step / of,
          ended + (later.ended - ended) * step / of,
          failed + (later.failed - failed) * step / of,
          busyNanos + (later.busyNanos - busyNanos) / of * step,
          heldNanos + (later.heldNanos - heldNanos) / of * step);
    }

    private Sums minus(Sums earlier) {
      return new Sums(
          at - earlier.at,
          ended - earlier.ended,
          failed - earlier.failed,
          busyNanos - earlier.busyNanos,
          heldNanos - earlier.heldNanos);
    }
  }

  private record Copy(long at, HistogramCounts runs, HistogramCounts waits) {}

  /** Nothing had been counted. */
  Sampler(long now) {
    points.add(new Sums(now, 0, 0, 0, 0));
    copies.add(new Copy(now, HistogramCounts.none(), HistogramCounts.none()));
  }

  /** To be called every ten seconds; steps that were missed are filled in evenly. */
  synchronized void add(Sums now) {
    Sums last = points.getLast();
    long late = now.at() - last.at() + STEP.toNanos() / 2;
    int steps = Math.clamp(late / STEP.toNanos(), 1, MAX_STEPS);
    for (int step = 1; step < steps; step++) {
      points.add(last.towards(now, step, steps));
    }
    points.add(now);
    while (points.size() > MAX_STEPS + 1) {
      points.removeFirst();
    }
  }

  /** To be called as often: keeps a copy if the last one is five minutes old. */
  synchronized void add(long now, HistogramCounts runs, HistogramCounts waits) {
    if (now - copies.getLast().at() >= COPY_STEP) {
      copies.add(new Copy(now, runs, waits));
      while (now - copies.getFirst().at() > HOUR) {
        copies.removeFirst();
      }
    }
  }

  /** The last hour, step by step. */
  synchronized Snapshot.History history() {
    List<Long> ended = new ArrayList<>(points.size());
    List<Long> failed = new ArrayList<>(points.size());
    Iterator<Sums> all = points.iterator();
    Sums before = all.next();
    while (all.hasNext()) {
      Sums point = all.next();
      ended.add(point.ended() - before.ended());
      failed.add(point.failed() - before.failed());
      before = point;
    }
    return new Snapshot.History(STEP, ended, failed);
  }

  /** What was counted in the last minute, and of how long that is, given what is counted now. */
  synchronized Sums lastMinute(Sums now) {
    Sums since = points.getLast();
    Iterator<Sums> back = points.descendingIterator();
    for (int i = 0; i < STEPS_OF_A_MINUTE && back.hasNext(); i++) {
      since = back.next();
    }
    return now.minus(since);
  }

  Measured runs(HistogramCounts now) {
    return new Measured(now, now.minus(firstCopy().runs()).times());
  }

  Measured waits(HistogramCounts now) {
    return new Measured(now, now.minus(firstCopy().waits()).times());
  }

  private synchronized Copy firstCopy() {
    return copies.getFirst();
  }
}
