package com.amazonaws.jobprocessor.bench;

import java.time.Duration;
import java.util.Map;

/**
 * What was measured of one worker in one run.
 *
 * @param requests by action, from the start to the last delete
 * @param billed requests that SQS would bill: one for each begun 64 KiB that a request carries
 */
record Run(
    int jobs, Map<String, Integer> requests, int billed, Start start, Work work, Verdict verdict) {

  /**
   * From the start of the process to its first receive.
   *
   * @param cpu CPU time in that
   */
  record Start(Duration wall, Duration cpu) {}

  /**
   * From the first receive on.
   *
   * @param wall to the arrival of the last result
   * @param cpu CPU time to the last delete
   * @param serverCpu the server's CPU time to the last delete
   * @param peakKibibytes of memory in use
   */
  record Work(Duration wall, Duration cpu, Duration serverCpu, long peakKibibytes) {}

  /** The same, judged. */
  Run judged(Verdict judgement) {
    return new Run(jobs, requests, billed, start, work, judgement);
  }

  double requestsPerJob() {
    return (double) requests.values().stream().mapToInt(Integer::intValue).sum() / jobs;
  }

  double cpuSecondsPerThousand() {
    return seconds(work.cpu()) / jobs * 1000;
  }

  double serverCpuSecondsPerThousand() {
    return seconds(work.serverCpu()) / jobs * 1000;
  }

  double jobsPerSecond() {
    return jobs / seconds(work.wall());
  }

  double startMillis() {
    return seconds(start.wall()) * 1000;
  }

  double peakMegabytes() {
    return work.peakKibibytes() / 1024.0;
  }

  double billedPerJob() {
    return (double) billed / jobs;
  }

  /** Of requests alone. */
  double dollarsPerMillion() {
    return billedPerJob() * Prices.DOLLARS_PER_MILLION_REQUESTS;
  }

  /** Of an instance with as many processors as did it, for as long as it took. */
  double computeDollarsPerMillion() {
    return 1_000_000 / jobsPerSecond() / 3600 * Prices.DOLLARS_PER_HOUR;
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
