package com.amazonaws.jobprocessor.blackbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;

@Execution(ExecutionMode.CONCURRENT)
class JobsIT extends BlackBox {
  @Test
  void the_default_executor_and_names_need_no_settings() throws Exception {
    start(daemon().arguments("--user-data", ""));
    sqs.send(BACKLOG, "héllo", "with blank");

    awaitResults(1);
    awaitDeadLetters(1);

    assertEquals("olléh", sqs.receiveAll(RESULTS).getFirst().body());
    Message dead = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals("with blank", dead.body());
    assertEquals("2", text(dead, "attempts"));
    assertEquals("java.lang.IllegalArgumentException", text(dead, "error_type"));
  }

  @Test
  void a_result_says_whose_it_is() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=2");
    String messageId = sqs.sendWithAttributes(BACKLOG, "hello", Map.of("job_id", "jöb 1"));

    awaitResults(1);

    Message result = sqs.receiveAll(RESULTS).getFirst();
    assertEquals("hello!", result.body());
    assertEquals("jöb 1", text(result, "job_id"));
    assertEquals(messageId, text(result, "job_message_id"));
    assertEquals("1", text(result, "attempts"));
    assertTrue(text(result, "worker_id").endsWith("-" + daemon.pid()), text(result, "worker_id"));
    assertTrue(text(result, "duration_millis").matches("[0-9]+"));
    assertTrue(text(result, "empty_result").isEmpty());
  }

  @Test
  void whatever_an_executor_does_fails_that_attempt_only() throws Exception {
    DaemonProcess daemon =
        start(
            daemon()
                .set("JOB_PROCESSOR_JVM_OPTS", "-Xmx300m")
                .userData(
                    EXECUTOR, "concurrency=2", "executor.record=" + folder.resolve("runs.txt")));
    List<String> good =
        List.of("null", "empty", "interrupt-self", "was-interrupted", "was-interrupted", "plain");
    List<String> bad =
        List.of(
            "error",
            "recurse",
            "exhaust",
            "control",
            "surrogate",
            "large",
            "permanent",
            "later",
            "fail");
    sqs.send(BACKLOG, bad);
    sqs.send(BACKLOG, good);

    awaitResults(good.size());
    awaitDeadLetters(bad.size());
    awaitEmptyBacklog();

    Map<String, Long> bodies =
        sqs.receiveAll(RESULTS).stream()
            .map(m -> text(m, "empty_result").equals("true") ? "empty:" + m.body() : m.body())
            .collect(Collectors.groupingBy(b -> b, TreeMap::new, Collectors.counting()));
    assertEquals(
        Map.of("empty: ", 2L, "interrupted myself", 1L, "false", 2L, "plain!", 1L), bodies);
    Map<String, String> attempts =
        sqs.receiveAll(DEAD_LETTERS).stream()
            .collect(Collectors.toMap(Message::body, m -> text(m, "attempts")));
    for (String job : bad) {
      assertEquals(job.equals("permanent") ? "1" : "2", attempts.get(job), job);
    }
    assertEquals(
        bad.size() * 2 - 1 + good.size(),
        runs().size(),
        "two runs of each failing job, one of the others");
    assertTrue(daemon.isAlive());
  }

  @Test
  void retries_are_exact() throws Exception {
    start("job_failure_retries=3", "concurrency=4");
    sqs.send(BACKLOG, jobs("fail", 20));

    awaitDeadLetters(20);

    assertEquals(80, runs().size());
    assertTrue(
        sqs.receiveAll(DEAD_LETTERS).stream().allMatch(m -> text(m, "attempts").equals("4")));
  }

  @Test
  void no_retries_means_one_attempt_and_a_retry_that_succeeds_says_so() throws Exception {
    start("job_failure_retries=0");
    sqs.send(BACKLOG, "fail");
    awaitDeadLetters(1);
    assertEquals(1, runs().size());

    start("job_failure_retries=1", "results_queue_name=" + RESULTS);
    // Both daemons may take it: with no retries it is dead, with one it has a result.
    sqs.send(BACKLOG, "plain");
    awaitResults(1);
  }

  @Test
  void a_retry_waits_as_long_as_the_executor_asks() throws Exception {
    startAndAwait("concurrency=1");
    sqs.send(BACKLOG, "later");
    awaitDeadLetters(1);

    long first = proxy().calls("ChangeMessageVisibilityBatch").getFirst().visibilitySeconds();
    assertEquals(2, first);
    assertEquals(2, runs().size());
  }

  @Test
  void a_dead_letter_is_the_job_with_what_fits_of_its_failure() throws Exception {
    startAndAwait("job_failure_retries=0");
    Map<String, MessageAttributeValue> nine =
        jobs("a", 9).stream()
            .collect(
                Collectors.toMap(
                    name -> name.replace(' ', '-'),
                    _ ->
                        MessageAttributeValue.builder()
                            .dataType("Number.cents")
                            .stringValue("12")
                            .build()));
    sqs.client()
        .sendMessage(
            r -> r.queueUrl(sqs.urlOf(BACKLOG)).messageBody("fail").messageAttributes(nine));

    awaitDeadLetters(1);

    Message dead = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals("fail", dead.body());
    assertEquals(10, dead.messageAttributes().size());
    assertEquals("Number.cents", dead.messageAttributes().get("a-0").dataType());
    assertTrue(!text(dead, "job_id").isEmpty());
  }

  @Test
  void a_job_id_that_may_not_be_is_a_failure_for_good() throws Exception {
    startAndAwait();
    String messageId = sqs.sendWithAttributes(BACKLOG, "plain", Map.of("job_id", "a\nb"));

    awaitDeadLetters(1);

    Message dead = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals(messageId, text(dead, "job_id"));
    assertEquals("InvalidJobId", text(dead, "error_type"));
    assertEquals(0, runs().size());
  }

  @Test
  void one_slow_job_and_one_bad_job_do_not_hold_up_the_others() throws Exception {
    startAndAwait("concurrency=3");
    sqs.send(BACKLOG, "sleep 600000", "fail", "recurse");
    sqs.send(BACKLOG, jobs("plain", 300));

    awaitResults(300);

    assertEquals(0, sqs.receiveAll(RESULTS).stream().filter(m -> m.body().equals("slept")).count());
  }

  @Test
  void an_attempt_over_its_time_is_interrupted_and_counts_as_failed() throws Exception {
    startAndAwait("job_timeout_in_secs=1", "job_failure_retries=1");
    sqs.send(BACKLOG, "sleep 60000");

    awaitDeadLetters(1);

    Message dead = sqs.receiveAll(DEAD_LETTERS).getFirst();
    assertEquals("JobTimeout", text(dead, "error_type"));
    assertEquals("2", text(dead, "attempts"));
    assertEquals(2, runs().size());
  }

  @Tag("long")
  @Test
  void an_attempt_that_heeds_no_interrupt_ends_the_worker_with_1_after_30_s() throws Exception {
    DaemonProcess daemon =
        startAndAwait("job_timeout_in_secs=1", "job_failure_retries=0", "concurrency=2");
    String id = sqs.send(BACKLOG, "deaf 300000", "plain").getFirst();

    assertEquals(1, daemon.awaitExit(SOON));

    daemon.awaitLine(
        "ERROR a job did not end within 30 s of its interrupt: draining the other slots, then"
            + " ending with 1 job_id="
            + id
            + " running=.*"
            + id,
        SOON);

    awaitDeadLetters(1);
    assertEquals("JobTimeout", text(sqs.receiveAll(DEAD_LETTERS).getFirst(), "error_type"));
    assertEquals(0, sqs.counts(BACKLOG).total());
  }

  @Test
  void what_jobs_print_and_log_is_in_the_log_and_none_of_it_can_end_the_log() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1");
    sqs.send(BACKLOG, "report 1", "report 2");
    awaitResults(2);
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));

    for (int i = 1; i <= 2; i++) {
      daemon.awaitLine("INFO  printed by report " + i + " logger=stdout", SOON);
      daemon.awaitLine("WARN  complained by report " + i + " logger=stderr", SOON);
      daemon.awaitLine("INFO  logged by report " + i + " logger=com.example.Report", SOON);
      daemon.awaitLine("INFO  unended of report " + i + " logger=stdout", SOON);
    }
    assertEquals(0, daemon.count("detail of"));
    daemon.awaitLine("stopped jobs=2", SOON);
  }

  @Test
  void a_failure_can_be_found_by_its_stack_trace_with_causes_once_a_kind() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1", "job_failure_retries=0");
    sqs.send(BACKLOG, "wrap one", "wrap two", "recurse");
    awaitDeadLetters(3);

    daemon.awaitLine("Caused by: java.io.IOException: (one|two)", SOON);
    daemon.awaitLine("at .*ScriptedExecutor.recurse\\(ScriptedExecutor.java:\\d+\\)", SOON);
    daemon.awaitLine("ERROR job failed for good", 3, SOON);
    assertEquals(1, daemon.count("Caused by: java.io.IOException"));
  }
}
