package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.stats.Snapshot.Problem;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentSkipListMap;

/** What works against a worker at present, by who has found it. Safe for use by several threads. */
public final class Problems {
  private final Map<String, List<Problem>> bySource = new ConcurrentSkipListMap<>();

  /** What a source finds now, in place of what it has found before; perhaps nothing. */
  public void set(String source, List<Problem> problems) {
    if (problems.isEmpty()) {
      bySource.remove(source);
    } else {
      bySource.put(source, List.copyOf(problems));
    }
  }

  /** All of them, in the order of their sources' names. */
  public List<Problem> now() {
    return bySource.values().stream().flatMap(List::stream).toList();
  }
}
