package com.amazonaws.jobprocessor.work.call;

/** Nanoseconds since some moment, on a clock that nobody can set: leases are judged by it alone. */
@FunctionalInterface
public interface MonotonicClock {
  /** As {@link System#nanoTime()}: only differences have a meaning. */
  long nanoTime();
}
