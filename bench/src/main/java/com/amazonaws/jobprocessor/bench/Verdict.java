package com.amazonaws.jobprocessor.bench;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/**
 * Whether each job has one result, and the right one.
 *
 * @param wrong results that belong to no job
 * @param missing jobs without a result
 * @param twice jobs with more than one
 */
record Verdict(int wrong, int missing, int twice) {
  /** Compares what had to come with what came; no two of what had to come are the same. */
  static Verdict of(Collection<String> expected, Collection<String> came) {
    Map<String, Integer> counts = new HashMap<>();
    expected.forEach(result -> counts.put(result, 0));
    int wrong = 0;
    for (String result : came) {
      if (counts.computeIfPresent(result, (_, count) -> count + 1) == null) {
        wrong++;
      }
    }
    int missing = (int) counts.values().stream().filter(count -> count == 0).count();
    int twice = (int) counts.values().stream().filter(count -> count > 1).count();
    return new Verdict(wrong, missing, twice);
  }

  Verdict plus(Verdict other) {
    Objects.requireNonNull(other);
    return new Verdict(wrong + other.wrong, missing + other.missing, twice + other.twice);
  }

  boolean isRight() {
    return wrong == 0 && missing == 0 && twice == 0;
  }

  @Override
  public String toString() {
    return isRight()
        ? "every result is right, once"
        : wrong + " wrong, " + missing + " missing, " + twice + " more than once";
  }
}
