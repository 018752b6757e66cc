package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;

/** {@code queues} against ElasticMQ. */
class QueuesIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private void set(String queue, QueueAttributeName name, String value) {
    sqs.setQueueAttributes(r -> r.queueUrl(url(queue)).attributes(Map.of(name, value)));
  }

  private void keepBacklog(int days) {
    set(BACKLOG, QueueAttributeName.MESSAGE_RETENTION_PERIOD, "" + days * 86_400);
  }

  @Test
  void counts_retention_and_redrive_are_in_a_table_that_lines_up() {
    send(BACKLOG, "a", Map.of());
    send(BACKLOG, "b", Map.of());
    take(BACKLOG);
    send(BACKLOG, "c", Map.of());
    sendResult("a", "x");

    assertEquals(0, run("queues"));

    List<String> lines = out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertEquals("HOLDS QUEUE WAITING IN_FLIGHT DELAYED KEPT REDRIVE", lines.getFirst());
    assertTrue(lines.get(1).startsWith("jobs " + BACKLOG + " 1 2 0 "), out.toString());
    assertTrue(lines.get(2).startsWith("results " + RESULTS + " 1 0 0 "), out.toString());
    assertTrue(lines.get(3).startsWith("dead letters " + DEAD_LETTERS + " 0 0 0 "), out.toString());
    List<String> raw = out.toString().lines().toList();
    int column = raw.getFirst().indexOf("REDRIVE");
    assertTrue(
        raw.stream().skip(1).allMatch(line -> line.startsWith("none", column)), out::toString);
  }

  @Test
  void settings_that_work_against_the_workers_are_warnings_on_standard_error() {
    String arn =
        sqs.getQueueAttributes(
                r -> r.queueUrl(url(DEAD_LETTERS)).attributeNames(QueueAttributeName.QUEUE_ARN))
            .attributes()
            .get(QueueAttributeName.QUEUE_ARN);
    set(
        BACKLOG,
        QueueAttributeName.REDRIVE_POLICY,
        "{\"deadLetterTargetArn\":\"%s\",\"maxReceiveCount\":5}".formatted(arn));

    assertEquals(0, run("queues"));

    assertTrue(out.toString().contains("after 5 to " + DEAD_LETTERS), out.toString());
    assertTrue(
        err.toString().contains("warning: the redrive policy of \"" + BACKLOG), err.toString());
    assertEquals(0, run("queues", "--json"));
    assertTrue(out.toString().contains("\"redrive_max_receive_count\":5"), out.toString());
    assertTrue(
        out.toString().contains("\"redrive_queue\":\"" + DEAD_LETTERS + "\""), out.toString());
  }

  @Test
  void json_is_an_object_a_queue_with_seconds_and_bytes() {
    keepBacklog(3);

    assertEquals(0, run("queues", "--json"));

    List<String> lines = out.toString().lines().toList();
    assertEquals(3, lines.size());
    assertTrue(
        lines
            .getFirst()
            .startsWith(
                "{\"holds\":\"jobs\",\"queue\":\"%s\",\"exists\":true,\"waiting\":0,\"in_flight\":0,\"delayed\":0"
                    .formatted(BACKLOG)),
        lines.getFirst());
    assertFalse(lines.getFirst().contains("redrive"), lines.getFirst());
  }

  @Test
  void a_queue_that_is_missing_is_named_and_the_others_are_told() {
    assertEquals(3, run("queues", "--results-queue", "none", "--json"));

    assertTrue(out.toString().contains("\"queue\":\"none\",\"exists\":false}"), out.toString());
    assertTrue(err.toString().contains("there is no queue \"none\""), err.toString());
    assertEquals(3, out.toString().lines().count());
  }

  @Test
  void a_watch_that_is_stopped_has_said_what_it_saw() throws Exception {
    Stop stop = new Stop();
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> run(stop, out, err, "queues", "--watch", "3600", "--json"));
    await().atMost(PATIENCE).until(() -> out.toString().lines().count() == 3);

    stop.ask();

    assertEquals(0, status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(3, out.toString().lines().count());
    assertTrue(out.toString().startsWith("{\"at\":\""), out.toString());
  }

  @Test
  void jobs_that_wait_are_messages_times_their_mean_number() {
    send(BACKLOG, "a", Map.of());
    send(BACKLOG, "b", Map.of());
    send(BACKLOG, "c", Map.of());

    assertEquals(0, run("queues", "--jobs-per-message", "12.5"));
    List<String> lines = out.toString().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertEquals(
        "HOLDS QUEUE WAITING IN_FLIGHT DELAYED JOBS_WAITING KEPT REDRIVE", lines.getFirst());
    assertTrue(lines.get(1).startsWith("jobs " + BACKLOG + " 3 0 0 38 "), out.toString());
    assertTrue(lines.get(2).startsWith("results " + RESULTS + " 0 0 0 - "), out.toString());

    assertEquals(0, run("queues", "--jobs-per-message", "100", "--json"));
    assertTrue(out.toString().contains("\"jobs_per_message\":100,\"jobs_waiting\":300}"), "" + out);
    assertEquals(1, out.toString().split("jobs_waiting", -1).length - 1);
    assertEquals(2, run("queues", "--jobs-per-message", "0.5"));
  }

  @Test
  void numbers_out_of_range_make_no_sense() {
    assertEquals(2, run("queues", "--watch", "0"));
    assertEquals(2, run("queues", "--job-failure-retries", "101"));
    assertTrue(err.toString().contains("allowed: 0 to 100"), err.toString());
  }
}
