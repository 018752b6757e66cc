package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.Fault;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.sqs.model.Message;

@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class OutageIT extends BlackBox {
  private static final String[] USUAL = {"concurrency=4", "poll_rate_per_min=60000"};

  @Test
  void a_worker_that_starts_before_sqs_waits_for_it() throws Exception {
    proxy().down();
    DaemonProcess daemon = start(USUAL);
    daemon.awaitLine("WARN .*AWS calls fail", SOON);
    proxy().up();
    List<String> ids = sqs.send(BACKLOG, jobs("plain", 20));

    awaitResults(20);

    daemon.awaitLine("AWS calls succeed again", SOON);
    assertOneResultEach(ids);
  }

  @Test
  void an_outage_amid_load_is_said_once_and_nothing_is_lost_or_run_twice() throws Exception {
    DaemonProcess daemon = startAndAwait(USUAL);
    List<String> ids = sqs.send(BACKLOG, jobs("sleep 20", 400));
    await().atMost(SOON).until(() -> sqs.counts(RESULTS).total() > 50);
    proxy().down();
    daemon.awaitLine("WARN .*AWS calls fail", SOON);
    await().pollDelay(Duration.ofSeconds(4)).atMost(SOON).until(() -> true);
    proxy().up();

    await().atMost(SOON).until(() -> resultCountSettled(400));
    awaitEmptyBacklog();

    assertEquals(new TreeSet<>(ids), new TreeSet<>(resultsByJob().keySet()));
    assertEquals(400, runs().size());
    daemon.awaitLine("AWS calls succeed again", SOON);
    assertTrue(daemon.count("WARN .*AWS calls fail") <= 4, "a line a reason");
  }

  private boolean resultCountSettled(int least) {
    return sqs.counts(RESULTS).total() >= least;
  }

  @Test
  void calls_that_hang_are_given_up_and_made_again() throws Exception {
    proxy().on("SendMessageBatch").hang().once();
    startAndAwait("concurrency=2", "expected_job_execution_time_in_secs=6");
    List<String> ids = sqs.send(BACKLOG, "plain");

    awaitResults(1);
    awaitEmptyBacklog();

    assertOneResultEach(ids);
    assertEquals(1, runs().size());
  }

  @Test
  void a_receive_that_hangs_is_given_up() throws Exception {
    proxy().on("ReceiveMessage").hang().once();
    startAndAwait("poll_wait_time_in_secs=1");
    sqs.send(BACKLOG, "plain");

    awaitResults(1);
  }

  @Test
  void throttling_and_server_errors_of_every_call_are_waited_out() throws Exception {
    proxy().on("ReceiveMessage").throttle().times(2);
    proxy().on("SendMessageBatch").throttlingException().times(2);
    proxy().on("DeleteMessageBatch").fail(503).times(2);
    proxy().on("GetQueueUrl").fail(500).times(2);
    start(USUAL);
    List<String> ids = sqs.send(BACKLOG, jobs("plain", 50));

    awaitResults(50);
    awaitEmptyBacklog();

    assertOneResultEach(ids);
    assertEquals(50, runs().size());
  }

  /** The codes of a key's quota of requests and of a FIFO queue's. */
  @Test
  void quotas_of_kms_and_of_fifo_queues_are_waited_out_and_cost_no_attempt() throws Exception {
    proxy().on("ReceiveMessage").error(400, "KmsThrottled", "Your request rate is high.").times(2);
    proxy()
        .on("SendMessageBatch")
        .error(400, "KmsThrottled", "Your request rate is high.")
        .times(2);
    proxy()
        .on("DeleteMessageBatch")
        .error(400, "RequestThrottled", "Throttled due to limits on transactions.")
        .times(2);
    DaemonProcess daemon = start(USUAL);
    List<String> ids = sqs.send(BACKLOG, jobs("plain", 50));

    awaitResults(50);
    awaitEmptyBacklog();

    assertOneResultEach(ids);
    assertEquals(50, runs().size());
    daemon.awaitLine("WARN .*error=KmsThrottled", SOON);
  }

  @Test
  void lost_answers_to_deletes_and_visibility_changes_run_nothing_twice() throws Exception {
    proxy().on("DeleteMessageBatch").loseAnswer().times(3);
    start("concurrency=4", "poll_rate_per_min=60000", "expected_job_execution_time_in_secs=15");
    List<String> ids = sqs.send(BACKLOG, jobs("plain", 40));

    awaitResults(40);
    awaitEmptyBacklog();

    assertOneResultEach(ids);
    assertEquals(40, runs().size());
  }

  @Test
  void a_lost_answer_to_a_send_gives_an_identical_copy_and_no_second_run() throws Exception {
    proxy().on("SendMessageBatch").queue(RESULTS).loseAnswer().once();
    start("concurrency=1");
    sqs.send(BACKLOG, "plain");

    awaitEmptyBacklog();

    assertEquals(1, runs().size());
    List<Message> results = sqs.receiveAll(RESULTS);
    assertEquals(2, results.size());
    for (Message result : results) {
      assertEquals("plain!", result.body());
      assertEquals(text(results.getFirst(), "job_id"), text(result, "job_id"));
    }
  }

  @Test
  void a_lost_receive_comes_again() throws Exception {
    proxy().on("ReceiveMessage").loseAnswer().once();
    sqs.send(BACKLOG, jobs("plain", 5));
    start("expected_job_execution_time_in_secs=10");

    awaitResults(5);

    assertEquals(5, runs().size());
  }

  @Test
  void entries_of_a_batch_that_fail_are_sent_again_alone() throws Exception {
    proxy().on("SendMessageBatch").partialFail(2).times(3);
    proxy().on("DeleteMessageBatch").partialFail(1).times(3);
    start("concurrency=8", "poll_rate_per_min=60000");
    List<String> ids = sqs.send(BACKLOG, jobs("plain", 60));

    awaitResults(60);
    awaitEmptyBacklog();

    assertOneResultEach(ids);
    assertEquals(60, runs().size());
  }

  @Test
  void deletes_that_are_denied_for_ever_run_nothing_over_and_over() throws Exception {
    Fault denied = proxy().on("DeleteMessageBatch").deny().forever();
    DaemonProcess daemon =
        start("concurrency=2", "expected_job_execution_time_in_secs=10", "poll_rate_per_min=60000");
    sqs.send(BACKLOG, jobs("plain", 100));
    daemon.awaitLine("AccessDenied", SOON);
    await().pollDelay(Duration.ofSeconds(22)).atMost(SOON).until(() -> true); // a lease has 20
    denied.awaitHits(denied.hits() + 3, SOON); // a delete finds out that a lease is over

    assertEquals(24, runs().size(), "2 × slots + 20 jobs in hand, each run once");
    proxy().clear();
    awaitResults(100);
    awaitEmptyBacklog();
    assertEquals(100, runs().size());
  }

  @Test
  void a_results_queue_that_is_gone_holds_jobs_back_and_is_named() throws Exception {
    proxy().on("SendMessageBatch").queue(RESULTS).queueGone().times(5);
    DaemonProcess daemon = start("concurrency=1");
    List<String> ids = sqs.send(BACKLOG, "plain");
    daemon.awaitLine(
        "at=" + RESULTS + " error=NonExistentQueue|at=" + RESULTS + " error=QueueDoesNotExist",
        SOON);

    awaitResults(1);

    assertOneResultEach(ids);
    assertEquals(1, runs().size());
    assertTrue(daemon.isAlive());
  }
}
