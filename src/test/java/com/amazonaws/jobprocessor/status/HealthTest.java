package com.amazonaws.jobprocessor.status;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.stats.Snapshot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class HealthTest {
  private final Snapshots snapshots = new Snapshots();

  private Reply live() {
    return Health.live(snapshots::now).get("");
  }

  private Reply ready() {
    return Health.ready(snapshots::now).get("");
  }

  private static Reply refused(String why) {
    return Reply.line(503, why);
  }

  @Test
  void a_worker_that_polls_is_well() {
    assertEquals(Reply.line(200, "ok"), live());
    assertEquals(Reply.line(200, "ok"), ready());
  }

  @Test
  void a_step_that_hangs_is_the_end_of_both() {
    snapshots.stuck = List.of(new Snapshot.Stuck("DeleteMessageBatch", Duration.ofSeconds(75)));

    assertEquals(refused("stuck for 75 s: DeleteMessageBatch"), live());
    assertEquals(refused("stuck for 75 s: DeleteMessageBatch"), ready());
  }

  @Test
  void a_drain_is_no_more_polling_but_alive() {
    snapshots.drainLeft = Duration.ofSeconds(3);

    assertEquals(200, live().status());
    assertEquals(refused("draining"), ready());
    snapshots.drainReason = "spot interruption (terminate)";
    assertEquals(refused("draining: spot interruption (terminate)"), ready());
  }

  @Test
  void a_worker_that_was_drained_for_the_end_of_its_box_polls_no_more() {
    snapshots.drained = "spot interruption";

    assertEquals(200, live().status());
    assertEquals(refused("drained: spot interruption"), ready());
  }

  @Test
  void receives_that_fail_are_named_and_other_calls_do_not_keep_it_from_polling() {
    snapshots.failing =
        List.of(
            Snapshots.failing(Service.S3, "PutObject"),
            Snapshots.failing(Service.SQS, "SendMessageBatch"));
    assertEquals(200, ready().status());

    snapshots.failing =
        List.of(
            Snapshots.failing(Service.S3, "PutObject"),
            Snapshots.failing(Service.SQS, "ReceiveMessage"));
    assertEquals(refused("waiting for SQS: ReceiveMessage todo: ConnectException"), ready());
    assertEquals(200, live().status());
  }

  @Test
  void while_the_job_table_is_away_nothing_is_received() {
    snapshots.failing = List.of(Snapshots.failing(Service.DYNAMODB, "PutItem"));

    assertEquals(refused("waiting for DynamoDB: PutItem todo: ConnectException"), ready());
  }

  @Test
  void a_start_says_what_it_waits_for() {
    Snapshots starting = Snapshots.starting();
    assertEquals(refused("starting: looking for the queues"), Health.ready(starting::now).get(""));
    assertNull(Health.whyNotLive(starting.now()));

    starting.failing = List.of(Snapshots.failing(Service.SQS, "GetQueueUrl"));
    assertEquals(
        refused("waiting for SQS: GetQueueUrl todo: ConnectException"),
        Health.ready(starting::now).get(""));
  }

  @Test
  void an_unavailable_executor_is_told_on_one_line_whatever_it_says() {
    snapshots.executorUnavailable = "no license\r\nSet-Cookie: a=b\u2028\u0000here";

    assertEquals(refused("executor unavailable: no license Set-Cookie: a=b here"), ready());
  }
}
