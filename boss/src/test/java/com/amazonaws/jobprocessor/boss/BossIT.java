package com.amazonaws.jobprocessor.boss;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Checkout;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.Fault;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command {@code bin/boss} with a real worker and an SQS in this process. */
@Tag("long")
class BossIT {
  private static final Duration SOON = Duration.ofSeconds(90);

  /** Five seconds are what the page of the boss promises, of a machine that does nothing else. */
  private static final Duration RESUMED = Duration.ofSeconds(30);

  private static final ObjectMapper JSON = new ObjectMapper();
  private static EmbeddedSqs sqs;

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private URI api;
  private String token;

  @BeforeAll
  static void start() {
    sqs = EmbeddedSqs.start();
  }

  @AfterAll
  static void stop() {
    sqs.close();
  }

  private DaemonProcess boss(String... arguments) {
    return DaemonProcess.builder()
        .command(Checkout.root().resolve("bin/boss"))
        .sqs(sqs.endpoint())
        .arguments(arguments)
        .start();
  }

  private DaemonProcess startBoss(String queues) throws InterruptedException {
    DaemonProcess boss =
        boss(
            "start",
            "--port=0",
            "--data=" + folder,
            "--backlog-queue=" + queues + "-todo",
            "--results-queue=" + queues + "-results",
            "--dead-letter-queue=" + queues + "-dead");
    String line = boss.awaitLine("the API is at ", SOON);
    api = URI.create(line.substring(line.indexOf("http://")) + "/");
    return boss;
  }

  private DaemonProcess startWorker(String queues) {
    return DaemonProcess.builder()
        .sqs(sqs.endpoint())
        .userData(
            "job_backlog_queue_name=" + queues + "-todo",
            "results_queue_name=" + queues + "-results",
            "dead_letter_queue_name=" + queues + "-dead",
            "poll_wait_time_in_secs=1",
            "job_failure_retries=0",
            "concurrency=2")
        .start();
  }

  private String run(DaemonProcess command) throws InterruptedException {
    try (command) {
      assertEquals(0, command.awaitExit(SOON), command::toString);
      return command.out().getLast();
    }
  }

  private HttpResponse<String> call(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(api.resolve(path))
            .timeout(SOON)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", "text/csv")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private JsonNode get(String path) throws Exception {
    HttpResponse<String> answer = call("GET", path, "");
    assertEquals(200, answer.statusCode(), answer.body());
    return JSON.readTree(answer.body());
  }

  private void create(int count) throws Exception {
    StringBuilder csv = new StringBuilder("name,payload\n");
    for (int i = 0; i < count; i++) {
      csv.append("account ").append(i).append(",ab").append(i).append('\n');
    }
    HttpResponse<String> answer = call("POST", "tasks", csv.toString());
    assertEquals(201, answer.statusCode(), answer.body());
  }

  private void awaitTasks(String state, long count, DaemonProcess boss) throws Exception {
    try {
      await()
          .atMost(Duration.ofMinutes(2))
          .until(() -> get("dispatch").path("tasks").path(state).asLong() >= count);
    } catch (ConditionTimeoutException e) {
      throw new AssertionError(get("dispatch") + "\n" + boss, e);
    }
  }

  @Test
  void tasks_come_in_and_each_has_one_result_though_the_boss_is_killed() throws Exception {
    int count = 400;
    try (DaemonProcess worker = startWorker("it")) {
      try (DaemonProcess boss = startBoss("it")) {
        boss.awaitLine("dispatching to the queue it-todo", SOON);
        token = run(boss("token", "create", "--scope=operate", "--name=it", "--data=" + folder));
        create(count);
        await().atMost(SOON).until(() -> get("results?limit=1").path("items").size() == 1);
        boss.sigkill();
        boss.awaitExit(SOON);
      }
      try (DaemonProcess boss = startBoss("it")) {
        boss.awaitLine("dispatching to the queue it-todo", SOON);
        awaitTasks("succeeded", count, boss);
        checkResults(count);
        JsonNode report = get("reports/workers").path("items");
        assertEquals(1, report.size(), report.toString());
        assertTrue(
            report.get(0).path("name").asText().contains(Long.toString(worker.pid())),
            report.toString());
        assertEquals(count, report.get(0).path("succeeded").asInt());
        assertEquals(0, get("strays").path("items").size());
        boss.sigterm();
        assertEquals(0, boss.awaitExit(SOON), boss::toString);
      }
    }
  }

  @Test
  void a_boss_that_was_killed_goes_on_sending_within_seconds_of_its_start() throws Exception {
    try (DaemonProcess boss = startBoss("again")) {
      boss.awaitLine("dispatching to the queue again-todo", SOON);
      token = run(boss("token", "create", "--scope=operate", "--name=it", "--data=" + folder));
      Fault refused = sqs.proxy().on("SendMessageBatch").queue("again-todo").deny().forever();
      create(10);
      refused.awaitHit(SOON);
      boss.sigkill();
      boss.awaitExit(SOON);
      refused.clear();
    }
    assertEquals(0, sqs.counts("again-todo").total());

    long startedAt = System.nanoTime();
    try (DaemonProcess boss = startBoss("again")) {
      await()
          .pollInterval(Duration.ofMillis(50))
          .atMost(SOON)
          .until(() -> sqs.counts("again-todo").total() > 0);
      Duration took = Duration.ofNanos(System.nanoTime() - startedAt);
      assertTrue(took.compareTo(RESUMED) < 0, took + "\n" + boss);
    }
  }

  @Test
  void tokens_are_listed_and_revoked_beside_a_boss_that_runs() throws Exception {
    String data = "--data=" + folder;
    try (DaemonProcess boss = startBoss("tokens")) {
      token = run(boss("token", "create", "--scope=read", "--name=ada", data));
      assertEquals(200, call("GET", "tasks", "").statusCode());
      assertTrue(run(boss("token", "list", data)).endsWith(" ada"));
      assertTrue(run(boss("token", "revoke", "--name=ada", data)).endsWith(" ada"));
      assertEquals(401, call("GET", "tasks", "").statusCode());
      assertFalse(run(boss("token", "list", data)).endsWith(" ada"));
      try (DaemonProcess none = boss("token", "revoke", "--name=ada", data)) {
        assertEquals(1, none.awaitExit(SOON), none::toString);
        assertEquals(1, none.err().size(), none::toString);
      }
      assertTrue(boss.isAlive());
    }
  }

  /** Each task's payload, reversed, once. */
  private void checkResults(int count) throws Exception {
    HttpResponse<String> lines = call("GET", "results?format=jsonl", "");
    Map<String, String> results = new HashMap<>();
    for (String line : lines.body().lines().toList()) {
      JsonNode result = JSON.readTree(line);
      String before = results.put(result.path("name").asText(), result.path("body").asText());
      assertEquals(null, before, line);
    }
    assertEquals(count, results.size());
    for (int i = 0; i < count; i++) {
      String expected = new StringBuilder("ab" + i).reverse().toString();
      assertEquals(expected, results.get("account " + i));
    }
  }

  @Test
  void what_cannot_work_is_said_in_one_line() throws Exception {
    try (DaemonProcess boss = startBoss("one")) {
      try (DaemonProcess other =
          boss("start", "--port=0", "--data=" + folder, "--backlog-queue=two-todo")) {
        assertEquals(1, other.awaitExit(SOON), other::toString);
        assertEquals(1, other.err().size(), other::toString);
        assertTrue(other.err().getFirst().contains("another process has it open"), other::toString);
      }
      try (DaemonProcess wrong = boss("start", "--backlog-queue=a.fifo")) {
        assertEquals(2, wrong.awaitExit(SOON), wrong::toString);
        assertTrue(wrong.err().getFirst().contains("FIFO"), wrong::toString);
      }
      try (DaemonProcess taken =
          boss("start", "--port=" + api.getPort(), "--data=" + folder.resolve("other"))) {
        assertEquals(1, taken.awaitExit(SOON), taken::toString);
        assertTrue(taken.err().getLast().contains("--port"), taken::toString);
      }
      assertTrue(boss.isAlive());
    }
    // Its boss is gone: the file that is left does not keep the command from the database.
    token = run(boss("token", "create", "--scope=read", "--data=" + folder));
    assertFalse(token.isEmpty());
  }
}
