package com.amazonaws.jobprocessor.bench.sqs;

import java.util.Map;

/**
 * What was asked since counting began.
 *
 * @param requests how many of each action
 * @param firstReceives when each caller first asked for messages, by {@link System#nanoTime}; a
 *     caller is known by its access key id
 * @param billed what SQS would bill: a request for each begun 64 KiB that a request carries
 * @param errors how many were refused
 */
public record Counts(
    Map<String, Integer> requests, Map<String, Long> firstReceives, int billed, int errors) {
  /** All requests, whatever their action. */
  public int total() {
    return requests.values().stream().mapToInt(Integer::intValue).sum();
  }
}
