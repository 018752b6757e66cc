package com.amazonaws.jobprocessor.bench;

import java.time.Duration;
import java.util.Map;

/**
 * What was measured of one worker in one run.
 *
 * @param requests by action, from the start to the last delete
 * @param billed requests that SQS would bill: one for each begun 64 KiB that a request carries
 * @param startup from the start of the process to its first receive
 * @param startupCpu CPU time in that
 * @param cpu CPU time from the first receive to the last delete
 * @param wall from the first receive to the arrival of the last result
 * @param peakKibibytes of memory in use
 * @param serverCpu the server's CPU time from the first receive to the last delete
 */
record Run(
    int jobs,
    Map<String, Integer> requests,
    int billed,
    Duration startup,
    Duration startupCpu,
    Duration cpu,
    Duration wall,
    long peakKibibytes,
    Duration serverCpu,
    Verdict verdict) {

  double requestsPerJob() {
    return (double) requests.values().stream().mapToInt(Integer::intValue).sum() / jobs;
  }

  double cpuSecondsPerThousand() {
    return seconds(cpu) / jobs * 1000;
  }

  double serverCpuSecondsPerThousand() {
    return seconds(serverCpu) / jobs * 1000;
  }

  double jobsPerSecond() {
    return jobs / seconds(wall);
  }

  double startMillis() {
    return seconds(startup) * 1000;
  }

  double peakMegabytes() {
    return peakKibibytes / 1024.0;
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
