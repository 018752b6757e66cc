package com.amazonaws.jobprocessor.bench;

import java.time.Duration;

/**
 * What was measured of a fleet on one kind of job.
 *
 * @param slots of each worker
 * @param job how long a job sleeps
 * @param wall from the moment when the waiting receives of all workers are answered to the arrival
 *     of the last result
 * @param cpu CPU time of all workers in that
 */
record FleetRun(int workers, int slots, Duration job, int jobs, Duration wall, Duration cpu) {
  /** How long it would take if nothing but the jobs took time. */
  double idealSeconds() {
    return Run.seconds(job) * jobs / (workers * slots);
  }

  double actualSeconds() {
    return Run.seconds(wall);
  }

  double efficiency() {
    return idealSeconds() / actualSeconds();
  }

  double jobsPerSecond() {
    return jobs / actualSeconds();
  }

  /** How many processors the workers kept busy. */
  double processors() {
    return Run.seconds(cpu) / actualSeconds();
  }
}
