package com.amazonaws.jobprocessor.stats;

import java.util.EnumMap;
import java.util.Map;

/** What has happened to jobs, counted. */
public record Counts(Map<Count, Long> all) {
  /** Copies the counts. */
  public Counts {
    all = Map.copyOf(all);
  }

  /** How many, or how much, of one kind. */
  public long of(Count count) {
    return all.getOrDefault(count, 0L);
  }

  /** What has been counted since. */
  public Counts minus(Counts earlier) {
    Map<Count, Long> since = new EnumMap<>(Count.class);
    for (Count count : Count.values()) {
      since.put(count, of(count) - earlier.of(count));
    }
    return new Counts(since);
  }

  /** Jobs that have come to an end. */
  public long jobs() {
    return of(Count.SUCCEEDED) + of(Count.DEAD_LETTERED);
  }
}
