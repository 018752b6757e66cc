package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.sqs.model.Message;

@Execution(ExecutionMode.CONCURRENT)
class DeathIT extends BlackBox {
  private static final String[] QUICK_LEASES = {
    "expected_job_execution_time_in_secs=1", "concurrency=4", "poll_rate_per_min=60000"
  };

  @Tag("long")
  @Test
  void kills_amid_load_lose_nothing() throws Exception {
    Set<String> ids = new TreeSet<>(sqs.send(BACKLOG, jobs("sleep 20", 300)));
    for (int i = 0; i < 4; i++) {
      int enough = sqs.counts(RESULTS).total() + 11;
      DaemonProcess daemon = startAndAwait(QUICK_LEASES);
      awaitResults(Math.min(enough, 300));
      daemon.sigkill();
    }
    start(QUICK_LEASES);

    awaitEmptyBacklog();

    Map<String, Long> results = resultsByJob();
    assertEquals(ids, results.keySet());
    assertEquals(0, sqs.counts(DEAD_LETTERS).total(), "a worker's death is nobody's failure");
  }

  @Test
  @Tag("long")
  void a_job_that_kills_its_worker_ends_in_the_dead_letter_queue_and_takes_no_innocent_with_it()
      throws Exception {
    sqs.send(BACKLOG, "halt");
    List<String> innocent = sqs.send(BACKLOG, jobs("sleep 500", 8));
    int deaths = 0;
    for (boolean dead = true; dead; ) {
      DaemonProcess daemon = // with a lease that a pause does not end: that would count, too
          start(
              "expected_job_execution_time_in_secs=3", "concurrency=4", "poll_rate_per_min=60000");
      await().atMost(SOON).until(() -> !daemon.isAlive() || sqs.counts(DEAD_LETTERS).total() == 1);
      dead = !daemon.isAlive();
      deaths += dead ? 1 : 0;
    }

    awaitResults(8);
    awaitEmptyBacklog();

    assertEquals(3, deaths, "two attempts, and one more as a suspect");
    Message dead = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals("halt", dead.body());
    assertEquals("WorkerDied", text(dead, "error_type"));
    assertEquals(new TreeSet<>(innocent), resultsByJob().keySet());
  }

  @Test
  void a_job_that_calls_exit_kills_its_worker_too() throws Exception {
    DaemonProcess daemon = start(QUICK_LEASES);
    String id = sqs.send(BACKLOG, "exit").getFirst();

    assertEquals(1, daemon.awaitExit(SOON));
    daemon.awaitLine("ERROR a job called System.exit: .* job_id=" + id + " running=", SOON);
  }

  /**
   * It once waited for the log for ever, with all that hangs on it, and went on as half a worker.
   */
  @Test
  void a_job_that_calls_exit_ends_a_worker_whose_log_nobody_reads() throws Exception {
    DaemonProcess daemon = startAndAwait(QUICK_LEASES);
    sqs.send(BACKLOG, "hang-log");
    awaitResults(1);
    sqs.send(BACKLOG, "exit");

    assertEquals(1, daemon.awaitExit(SOON));
  }

  @Test
  void a_job_received_very_often_is_not_run() throws Exception {
    sqs.send(BACKLOG, "plain");
    for (int i = 0; i < 12; i++) {
      await()
          .atMost(SOON)
          .until(
              () ->
                  !sqs.client()
                      .receiveMessage(r -> r.queueUrl(sqs.urlOf(BACKLOG)).visibilityTimeout(0))
                      .messages()
                      .isEmpty());
    }
    start(QUICK_LEASES);

    awaitDeadLetters(1);

    assertEquals("WorkerDied", text(sqs.receiveAll(DEAD_LETTERS).getFirst(), "error_type"));
    assertEquals(0, runs().size());
  }

  @Test
  void a_suspect_that_does_not_kill_gets_its_result() throws Exception {
    sqs.send(BACKLOG, "plain");
    for (int i = 0; i < 5; i++) {
      await()
          .atMost(SOON)
          .until(
              () ->
                  !sqs.client()
                      .receiveMessage(r -> r.queueUrl(sqs.urlOf(BACKLOG)).visibilityTimeout(0))
                      .messages()
                      .isEmpty());
    }
    start(QUICK_LEASES);

    awaitResults(1);

    assertEquals("6", text(sqs.receiveAll(RESULTS).getFirst(), "attempts"));
  }
}
