package com.amazonaws.jobprocessor.bench;

import com.amazonaws.jobprocessor.bench.sqs.Sunk;
import java.time.Duration;

/**
 * What was measured of one submission.
 *
 * @param jobs lines of the file
 * @param requests that the server has counted
 * @param wall from the start of the command to its end, its JVM's start included
 * @param cpu time of the command, its JVM's start included
 * @param peakKibibytes of memory in use
 * @param serverCpu the server's CPU time
 * @param sum of the digests of what was to be submitted
 * @param came what the server has counted
 */
record SubmitRun(
    int jobs,
    int requests,
    Duration wall,
    Duration cpu,
    long peakKibibytes,
    Duration serverCpu,
    long sum,
    Sunk came) {
  double wallSeconds() {
    return Run.seconds(wall);
  }

  double cpuSeconds() {
    return Run.seconds(cpu);
  }

  double serverCpuSeconds() {
    return Run.seconds(serverCpu);
  }

  double linesPerSecond() {
    return jobs / Run.seconds(wall);
  }

  double peakMegabytes() {
    return peakKibibytes / 1024.0;
  }

  /** Whether each line has come once, and nothing else. */
  boolean isRight() {
    return came.jobs() == jobs && came.distinct() == jobs && came.sum() == sum;
  }
}
