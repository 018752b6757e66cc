package com.amazonaws.jobprocessor.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.Counts;
import com.amazonaws.jobprocessor.stats.Histogram;
import com.amazonaws.jobprocessor.stats.Limit;
import com.amazonaws.jobprocessor.stats.Snapshot;
import com.amazonaws.jobprocessor.stats.Times;
import com.amazonaws.jobprocessor.work.call.Outage;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StatusLineTest {
  private static final Outage.Failing SQS =
      new Outage.Failing(Service.SQS, "GetQueueUrl", "todo", "AccessDenied");

  private static final Times NO_TIMES =
      new Times(0, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO);

  private @Nullable String unavailable;
  private @Nullable String drainReason;
  private Limit.Kind limit = Limit.Kind.NOTHING;

  private String line(
      Snapshot.@Nullable Load load,
      Outage.@Nullable Failing failing,
      @Nullable Duration drainLeft) {
    Snapshot.Depth unknown = new Snapshot.Depth("q", null, Duration.ZERO);
    Snapshot.Measured none = new Snapshot.Measured(new Histogram().now(), NO_TIMES);
    return StatusLine.of(
        new Snapshot(
            Instant.EPOCH,
            new Snapshot.Who("w", "1", "us-east-1", null, false, null, List::of),
            new Snapshot.Life(Instant.EPOCH, Duration.ZERO, drainLeft, drainReason, null),
            new Snapshot.Slots(8, load, 0, Duration.ZERO),
            new Snapshot.Queues(unknown, unknown, unknown, null, List.of()),
            new Snapshot.Jobs(
                new Counts(Map.of()),
                none,
                none,
                new Snapshot.History(Duration.ofSeconds(10), List.of(), List.of())),
            new Snapshot.Trouble(
                failing == null ? List.of() : List.of(failing),
                unavailable,
                new Limit(limit, 0, 0),
                List.of(),
                List.of(),
                List.of()),
            () -> {
              throw new AssertionError("nobody asks for dollars");
            }));
  }

  private static Snapshot.Load load(int running, int inFlight, int waitingCalls) {
    List<Snapshot.Running> jobs =
        Collections.nCopies(running, new Snapshot.Running("a", 1, Duration.ZERO, 0, false));
    return new Snapshot.Load(jobs, inFlight, waitingCalls, Duration.ZERO);
  }

  @Test
  void a_worker_that_looks_for_its_queues_says_what_it_waits_for() {
    assertEquals("looking for the queues", line(null, null, null));
    assertEquals("waiting for SQS: GetQueueUrl todo: AccessDenied", line(null, SQS, null));
    assertEquals(
        "waiting for DynamoDB: DescribeTable jobs: HTTP 500",
        line(
            null, new Outage.Failing(Service.DYNAMODB, "DescribeTable", "jobs", "HTTP 500"), null));
  }

  @Test
  void a_worker_that_takes_jobs_says_how_many_slots_are_busy() {
    Snapshot.Load load = load(3, 5, 0);
    assertEquals("taking jobs: 3 of 8 slots busy", line(load, null, null));
    assertEquals(
        "waiting for S3: GetObject the payload bucket: SlowDown; 3 of 8 slots busy",
        line(
            load,
            new Outage.Failing(Service.S3, "GetObject", "the payload bucket", "SlowDown"),
            null));
  }

  @Test
  void too_many_messages_in_flight_are_named_whether_sqs_says_so_or_brings_nothing() {
    limit = Limit.Kind.IN_FLIGHT;
    assertEquals(
        "waiting: too many messages of q are in flight, SQS gives out no more; 0 of 8 slots busy",
        line(load(0, 0, 0), null, null));
    assertEquals(
        "waiting for SQS: ReceiveMessage q: OverLimit; 3 of 8 slots busy",
        line(
            load(3, 3, 0),
            new Outage.Failing(Service.SQS, "ReceiveMessage", "q", "OverLimit"),
            null));
  }

  @Test
  void an_executor_that_cannot_run_jobs_says_why() {
    Snapshot.Load load = load(0, 0, 0);
    unavailable = "nothing listens at 127.0.0.1:8080";
    assertEquals("executor unavailable: nothing listens at 127.0.0.1:8080", line(load, null, null));
    assertEquals("stopping", line(null, null, Duration.ZERO));
  }

  @Test
  void a_drain_says_what_is_left_and_for_how_long() {
    Duration left = Duration.ofMillis(79_500);
    assertEquals("stopping", line(null, SQS, left));
    assertEquals("draining: 2 jobs run, at most 80 s more", line(load(2, 3, 0), SQS, left));
    assertEquals(
        "draining: 1 job runs, its time is over", line(load(1, 3, 0), null, Duration.ofMillis(-1)));
    assertEquals(
        "draining: 1 message to be settled, at most 1 s more",
        line(load(0, 1, 1), null, Duration.ofMillis(1)));
    drainReason = "spot interruption (terminate)";
    assertEquals(
        "draining, spot interruption (terminate): 2 jobs run, at most 80 s more",
        line(load(2, 3, 0), SQS, left));
  }
}
