package com.amazonaws.jobprocessor.client;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Gets a batch of jobs into the queue: only what failed is sent again, a bounded number of times.
 */
final class JobSender {
  private static final int MOST_ROUNDS = 8;
  private static final long FIRST_WAIT_MILLIS = 200;

  /** The queue. */
  interface Transport {
    /**
     * Sends a batch.
     *
     * @return why entries failed, by their place; empty if none did
     * @throws BatchRefused if the batch was refused as a whole, for its content
     */
    Map<Integer, Failure> send(List<Job> jobs) throws BatchRefused;

    /** Waits. */
    void pause(Duration time) throws InterruptedException;
  }

  /** Why an entry failed. */
  record Failure(String reason, boolean forGood) {}

  /** The batch as a whole cannot be taken. */
  static final class BatchRefused extends Exception {
    private static final long serialVersionUID = 1L;

    BatchRefused(String reason) {
      super(reason);
    }
  }

  private final Transport transport;

  JobSender(Transport transport) {
    this.transport = transport;
  }

  /** Sends the jobs; returns those that the queue did not take, and why. */
  Map<Job, String> send(List<Job> batch) throws InterruptedException {
    Map<Job, String> refused = new LinkedHashMap<>();
    List<Job> left = batch;
    long wait = FIRST_WAIT_MILLIS;
    for (int round = 1; !left.isEmpty(); round++) {
      Map<Job, String> again = new LinkedHashMap<>();
      sendOnce(left, again, refused);
      if (round == MOST_ROUNDS) {
        again.forEach(
            (job, reason) -> refused.put(job, reason + " (tried " + MOST_ROUNDS + " times)"));
        return refused;
      }
      left = new ArrayList<>(again.keySet());
      if (!left.isEmpty()) {
        transport.pause(Duration.ofMillis(wait));
        wait = Math.min(5_000, wait * 2);
      }
    }
    return refused;
  }

  private void sendOnce(List<Job> jobs, Map<Job, String> again, Map<Job, String> refused) {
    try {
      new TreeMap<>(transport.send(jobs)) // in the jobs' order
          .forEach(
              (place, failure) ->
                  (failure.forGood() ? refused : again).put(jobs.get(place), failure.reason()));
    } catch (BatchRefused e) {
      if (jobs.size() == 1) {
        refused.put(jobs.getFirst(), e.getMessage());
      } else {
        jobs.forEach(
            job -> sendOnce(List.of(job), again, refused)); // one of them may be at fault for all
      }
    }
  }
}
