package com.amazonaws.jobprocessor.faults;

import java.util.HashMap;
import java.util.Map;

/** How many attempts the jobs of a scene need, by their kind, and how many they have had. */
final class Attempts {
  private static final Map<String, Integer> NEEDED = Map.of("good", 1, "weak", 2, "bad", 3);

  private final Map<String, String> kinds = new HashMap<>();
  private int burned;

  void expect(String jobId, String kind) {
    kinds.put(jobId, kind);
  }

  /** A job has ended with a result or a dead letter. */
  void had(String jobId, String attempts) {
    Integer needed = NEEDED.get(kinds.getOrDefault(jobId, ""));
    if (needed != null && !attempts.isEmpty()) {
      burned += Math.max(0, Integer.parseInt(attempts) - needed);
    }
  }

  int burned() {
    return burned;
  }
}
