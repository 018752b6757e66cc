package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What works against a worker is named on the page and in the JSON, kind by kind. What EC2 and Auto
 * Scaling deny is asserted by {@link ButtonsIT} and {@link NoticesIT}, too many messages in flight
 * by {@link InFlightLimitIT}.
 */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class ProblemsIT extends WatchedBlackBox {
  private @Nullable String stateFolder;
  private @Nullable URI s3;

  @Override
  DaemonProcessBuilder daemon() {
    DaemonProcessBuilder daemon = super.daemon();
    if (stateFolder != null) {
      daemon.set("STATE_DIRECTORY", stateFolder);
    }
    if (s3 != null) {
      daemon.set("AWS_ENDPOINT_URL_S3", s3.toString());
    }
    return daemon;
  }

  /** ElasticMQ knows no retention, so SQS's answers are played. */
  private void queueHas(String queue, String attributes) {
    proxy()
        .on("GetQueueAttributes")
        .queue(queue)
        .answer(200, "{\"Attributes\": {" + attributes + "}}")
        .forever();
  }

  private static List<String> problems(JsonNode json) {
    List<String> all = new ArrayList<>();
    json.at("/problems")
        .forEach(one -> all.add(one.at("/text").asText() + " " + one.at("/facts").asText()));
    return all;
  }

  /** In the JSON, on the page, and in the number that an alert may look at. */
  private static void awaitProblem(Watched worker, String problem) {
    await().atMost(SOON).until(() -> hasProblem(worker.page(), problem));
  }

  private static boolean hasProblem(StatusPageClient page, String problem) throws Exception {
    boolean shown = page.text().contains("Warning: " + problem); // and somebody looks
    List<String> told = problems(page.json());
    String metric = "\njobprocessor_problems " + told.size() + ".0\n";
    return shown && told.contains(problem) && page.get("/metrics").body().contains(metric);
  }

  @Test
  void a_redrive_policy_that_takes_jobs_away() throws Exception {
    queueHas(BACKLOG, "\"RedrivePolicy\": \"{\\\"maxReceiveCount\\\":12}\"");
    awaitProblem(
        startWatched(),
        "the backlog queue's own redrive policy takes jobs away before their attempts are used up"
            + " queue="
            + BACKLOG
            + " maxReceiveCount=12 should_be_above=12");
  }

  @Test
  void a_retention_that_is_shorter_than_a_jobs_attempts() throws Exception {
    queueHas(BACKLOG, "\"MessageRetentionPeriod\": \"60\"");
    awaitProblem(
        startWatched("expected_job_execution_time_in_secs=30", "job_failure_retries=1"),
        "the backlog keeps messages for no longer than a job's attempts may take: SQS deletes jobs"
            + " that wait or run for longer queue="
            + BACKLOG
            + " retention_secs=60 attempts_secs=60");
  }

  @Test
  void jobs_that_wait_for_nearly_as_long_as_the_backlog_keeps_them() throws Exception {
    queueHas(BACKLOG, "\"MessageRetentionPeriod\": \"3\"");
    sqs.send(BACKLOG, jobs("sleep 120000", 60));
    long sent = System.nanoTime();
    await().atMost(SOON).until(() -> System.nanoTime() - sent > 2_500_000_000L);

    Watched worker =
        startWatched(
            "concurrency=1", "expected_job_execution_time_in_secs=1", "job_failure_retries=0");

    await()
        .atMost(SOON)
        .until(
            () -> {
              worker.page().get("/");
              return worker
                  .page()
                  .text()
                  .matches(
                      ".*Warning: jobs have waited for more than three quarters of the time that"
                          + " the backlog keeps them: SQS deletes those that wait for longer queue="
                          + BACKLOG
                          + " oldest_secs=\\d+ retention_secs=3 .*");
            });
  }

  @Test
  void a_retention_of_dead_letters_that_is_no_longer_than_that_of_jobs() throws Exception {
    queueHas(BACKLOG, "\"MessageRetentionPeriod\": \"345600\"");
    queueHas(DEAD_LETTERS, "\"MessageRetentionPeriod\": \"345600\"");
    awaitProblem(
        startWatched(),
        "the dead-letter queue keeps messages no longer than the backlog does queue="
            + DEAD_LETTERS
            + " retention_secs=345600 backlog_retention_secs=345600");
  }

  @Test
  void a_dead_letter_queue_that_takes_less_than_the_backlog() throws Exception {
    queueHas(BACKLOG, "\"MaximumMessageSize\": \"1048576\"");
    queueHas(DEAD_LETTERS, "\"MaximumMessageSize\": \"262144\"");
    awaitProblem(
        startWatched(),
        "the dead-letter queue takes only smaller messages than the backlog: what it refuses stays"
            + " in the backlog queue="
            + DEAD_LETTERS
            + " MaximumMessageSize=262144 backlog_MaximumMessageSize=1048576");
  }

  /** Both are asked for anew with the queues' depths, so that nobody looks for what is mended. */
  @Test
  void a_problem_of_a_queue_that_is_mended_is_gone_without_a_restart() throws Exception {
    queueHas(BACKLOG, "\"RedrivePolicy\": \"{\\\"maxReceiveCount\\\":3}\"");
    Watched worker = startWatched();
    await()
        .atMost(SOON)
        .until(
            () -> {
              worker.page().get("/");
              return problems(worker.page().json()).size() == 1;
            });

    proxy().clear();

    await()
        .atMost(SOON)
        .until(
            () ->
                worker.page().text().contains("Problems None found.")
                    && problems(worker.page().json()).isEmpty());
  }

  @Test
  void a_right_to_count_messages_that_is_missing() throws Exception {
    proxy().on("GetQueueAttributes").queue(RESULTS).deny().forever();
    awaitProblem(
        startWatched(),
        "a right is missing: how many messages a queue holds is not known queue="
            + RESULTS
            + " right=sqs:GetQueueAttributes");
  }

  @ParameterizedTest
  @CsvSource({
    "GetQueueUrl, sqs:GetQueueUrl",
    "ReceiveMessage, sqs:ReceiveMessage",
    "SendMessageBatch, sqs:SendMessage",
    "DeleteMessageBatch, sqs:DeleteMessage",
    "ChangeMessageVisibilityBatch, sqs:ChangeMessageVisibility"
  })
  void a_right_to_take_and_settle_jobs_that_is_missing(String action, String right)
      throws Exception {
    proxy().on(action).deny().forever();
    Watched worker = startWatched("concurrency=2", "expected_job_execution_time_in_secs=5");
    sqs.send(BACKLOG, "plain", "sleep 120000");

    await()
        .atMost(SOON)
        .until(
            () -> {
              JsonNode failing = worker.page().json().at("/failing_calls");
              return failing.findValuesAsText("missing_right").contains(right);
            });
    await()
        .atMost(SOON)
        .until(() -> worker.page().text().contains("The worker lacks the right " + right + "."));
  }

  @Test
  void a_state_folder_that_cannot_be_used() throws Exception {
    stateFolder = "/proc/self/x";
    Watched worker = startWatched();
    await()
        .atMost(SOON)
        .until(
            () ->
                worker
                    .page()
                    .text()
                    .contains(
                        "Warning: the state folder cannot be used: a job that kills the worker"));
    assertTrue(
        problems(worker.page().json()).getFirst().contains("folder=/proc/self/x"),
        problems(worker.page().json())::toString);
  }

  @Test
  void a_payload_bucket_that_does_not_exist() throws Exception {
    try (EmbeddedS3 server = EmbeddedS3.start()) {
      s3 = server.endpoint();
      awaitProblem(
          startWatched("payload_bucket_name=nowhere"),
          "the payload bucket does not exist: jobs and results that do not fit a message fail"
              + " bucket=nowhere");
    }
  }

  @Test
  void nothing_is_a_problem_of_a_worker_that_has_all_it_needs() throws Exception {
    Watched worker = startWatched();
    await()
        .atMost(SOON)
        .until(
            () -> {
              JsonNode queues = worker.page().json().at("/queues");
              return queues.at("/dead_letters/waiting").isNumber()
                  && queues.at("/backlog/waiting").isNumber()
                  && queues.at("/results/waiting").isNumber();
            });
    assertEquals(List.of(), problems(worker.page().json()));
    assertTrue(worker.page().text().contains("Problems None found."));
  }
}
