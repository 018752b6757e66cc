package com.amazonaws.jobprocessor.bench;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which fleets do which jobs.
 *
 * @param workers how many workers, a fleet each
 * @param millis how long jobs sleep, a run each
 * @param seconds how long the jobs of a slot take together, at least one of them
 * @param chart where to draw the figures, or null
 */
record FleetPlan(List<Integer> workers, List<Integer> millis, int seconds, @Nullable Path chart) {
  /** Of jobs that do not even sleep, so many for the whole fleet. */
  private static final int EMPTY_JOBS = 20_000;

  /** Reads {@code name=value} pairs. */
  static FleetPlan read(Map<String, String> given) {
    String chart = given.getOrDefault("chart", "");
    return new FleetPlan(
        numbers(given.getOrDefault("workers", "1,2,4,8,16")),
        numbers(given.getOrDefault("millis", "10,1000")),
        Integer.parseInt(given.getOrDefault("seconds", "6")),
        chart.isEmpty() ? null : Path.of(chart));
  }

  private static List<Integer> numbers(String list) {
    return Arrays.stream(list.split(",")).map(Integer::valueOf).distinct().sorted().toList();
  }

  /** How many jobs each slot of a fleet with so many slots has. */
  int perSlot(int sleep, int slotsOfAll) {
    return Math.max(1, sleep == 0 ? EMPTY_JOBS / slotsOfAll : 1_000 * seconds / sleep);
  }
}
