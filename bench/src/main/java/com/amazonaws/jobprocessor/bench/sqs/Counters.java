package com.amazonaws.jobprocessor.bench.sqs;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/** Counts requests. */
final class Counters {
  private static final int CHUNK = 64 * 1024;

  private final Map<String, Integer> requests = new TreeMap<>();
  private final Map<String, Long> firstReceives = new HashMap<>();
  private int billed;
  private int errors;

  void request(String action, String caller, long now) {
    requests.merge(action, 1, Integer::sum);
    billed++;
    if (action.equals("ReceiveMessage")) {
      firstReceives.putIfAbsent(caller, now);
    }
  }

  /**
   * What a request carries, there or back: each begun 64 KiB of it is billed as a request
   * (https://aws.amazon.com/sqs/pricing/), the first with the request itself.
   */
  void payload(long bytes) {
    billed += (int) Math.max(0, Math.ceilDiv(bytes, CHUNK) - 1);
  }

  void error() {
    errors++;
  }

  Counts counts() {
    return new Counts(Map.copyOf(requests), Map.copyOf(firstReceives), billed, errors);
  }
}
