package com.amazonaws.jobprocessor.bench.sqs;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts requests. */
final class Counters {
  private final Map<String, Integer> requests = new TreeMap<>();
  private final Map<String, Long> firstReceives = new HashMap<>();
  private int errors;

  void request(String action, String caller, long now) {
    requests.merge(action, 1, Integer::sum);
    if (action.equals("ReceiveMessage")) {
      firstReceives.putIfAbsent(caller, now);
    }
  }

  void error() {
    errors++;
  }

  Counts counts() {
    return new Counts(Map.copyOf(requests), Map.copyOf(firstReceives), errors);
  }
}
