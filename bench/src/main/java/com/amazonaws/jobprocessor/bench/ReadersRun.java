package com.amazonaws.jobprocessor.bench;

import java.time.Duration;

/**
 * What was measured while all results of a queue were read.
 *
 * @param results that lay in the queue, each of a job of its own
 * @param wall from the start of the commands to the end of the last, their JVMs' starts included
 * @param requests that the server has counted
 * @param printed lines of all readers together
 * @param different results among them
 * @param left messages in the queue afterwards
 */
record ReadersRun(int results, Duration wall, int requests, int printed, int different, int left) {
  double wallSeconds() {
    return Run.seconds(wall);
  }

  /** Whether each result was printed once, and was then deleted. */
  boolean isRight() {
    return printed == results && different == results && left == 0;
  }
}
