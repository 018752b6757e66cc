package com.amazonaws.jobprocessor.daemon;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.work.Worker;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class StatusTest {
  private static final Outage.Failing SQS =
      new Outage.Failing("GetQueueUrl", "todo", "AccessDenied");

  @Test
  void a_worker_that_looks_for_its_queues_says_what_it_waits_for() {
    assertEquals("looking for the queues", Status.of(null, 8, null, null));
    assertEquals("waiting for SQS: GetQueueUrl todo: AccessDenied", Status.of(null, 8, SQS, null));
    assertEquals(
        "waiting for DynamoDB: DescribeTable jobs: HTTP 500",
        Status.of(null, 8, new Outage.Failing("DescribeTable", "jobs", "HTTP 500"), null));
  }

  @Test
  void a_worker_that_takes_jobs_says_how_many_slots_are_busy() {
    Worker.Load load = new Worker.Load(3, 5, 0, null);
    assertEquals("taking jobs: 3 of 8 slots busy", Status.of(load, 8, null, null));
    assertEquals(
        "waiting for S3: GetObject the payload bucket: SlowDown; 3 of 8 slots busy",
        Status.of(
            load, 8, new Outage.Failing("GetObject", "the payload bucket", "SlowDown"), null));
  }

  @Test
  void a_drain_says_what_is_left_and_for_how_long() {
    Duration left = Duration.ofMillis(79_500);
    assertEquals("stopping", Status.of(null, 8, SQS, left));
    assertEquals(
        "draining: 2 jobs run, at most 80 s more",
        Status.of(new Worker.Load(2, 3, 0, null), 8, SQS, left));
    assertEquals(
        "draining: 1 job runs, its time is over",
        Status.of(new Worker.Load(1, 3, 0, null), 8, null, Duration.ofMillis(-1)));
    assertEquals(
        "draining: 1 job to be settled, at most 1 s more",
        Status.of(new Worker.Load(0, 1, 1, null), 8, null, Duration.ofMillis(1)));
  }
}
