package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("long")
class LeasesIT extends BlackBox {
  /** Results of jobs that take longer than their lease, which is long enough for a busy machine. */
  private void awaitLate(int results) {
    await().atMost(SOON.multipliedBy(3)).until(() -> sqs.counts(RESULTS).total() >= results);
  }

  @Test
  void jobs_longer_than_their_lease_run_once_with_several_workers() throws Exception {
    for (int i = 0; i < 3; i++) {
      start("expected_job_execution_time_in_secs=10", "concurrency=4");
    }
    List<String> ids = sqs.send(BACKLOG, jobs("sleep 25000", 12));

    awaitLate(12);
    awaitEmptyBacklog();

    assertEquals(12, runs().size());
    assertOneResultEach(ids);
  }

  @Test
  void a_renewal_that_fails_now_and_then_costs_nothing() throws Exception {
    proxy().on("ChangeMessageVisibilityBatch").fail(500).times(2);
    start("expected_job_execution_time_in_secs=10", "concurrency=4");
    List<String> ids = sqs.send(BACKLOG, jobs("sleep 25000", 4));

    awaitLate(4);
    awaitEmptyBacklog();

    assertEquals(4, runs().size());
    assertOneResultEach(ids);
  }

  @Test
  void a_worker_that_was_paused_beyond_its_leases_sends_nothing_of_what_it_had() throws Exception {
    DaemonProcess paused = startAndAwait("expected_job_execution_time_in_secs=10", "concurrency=2");
    List<String> ids = sqs.send(BACKLOG, jobs("sleep 25000", 2));
    await().atMost(SOON).until(() -> runs().size() == 2);
    paused.sigstop();
    DaemonProcess other = start("expected_job_execution_time_in_secs=10", "concurrency=2");
    awaitLate(2);
    other.sigterm();
    assertEquals(0, other.awaitExit(SOON));
    int sent = proxy().requests("SendMessageBatch");

    paused.sigcont();
    paused.awaitLine("lease lost", SOON);

    assertEquals(sent, proxy().requests("SendMessageBatch"));
    assertOneResultEach(ids);
    sqs.send(BACKLOG, jobs("sleep 1", 20));
    awaitResults(20);
    awaitEmptyBacklog();
  }

  @Test
  void a_long_poll_waits_at_most_half_the_first_lease() throws Exception {
    startAndAwait("expected_job_execution_time_in_secs=3");
    await().atMost(SOON).until(() -> proxy().requests("ReceiveMessage") >= 2);

    Call receive = proxy().calls("ReceiveMessage").getFirst();
    assertEquals(6, receive.visibilitySeconds());
    assertTrue(receive.waitSeconds() <= 3);
  }
}
