package com.amazonaws.jobprocessor.boss;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.testkit.Checkout;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeInstance;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * {@code bin/boss start --fleet-...} with the test kit's EC2 and Auto Scaling: the hours open,
 * boxes come, work with the user data that they were given, and are ended.
 */
@Tag("long")
class FleetIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT);

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private EmbeddedSqs sqs;
  private FakeFleet fleet;
  private DaemonProcess boss;
  private final List<DaemonProcess> workers = new ArrayList<>();
  private URI api;
  private String token;

  @BeforeEach
  void start() {
    sqs = EmbeddedSqs.start();
    fleet = FakeFleet.start();
  }

  @AfterEach
  void stop() {
    workers.forEach(DaemonProcess::close);
    if (boss != null) {
      boss.close();
    }
    fleet.close();
    sqs.close();
    client.close();
  }

  private DaemonProcessBuilder command(String... arguments) {
    return fleet.serve(
        DaemonProcess.builder()
            .command(Checkout.root().resolve("bin/boss"))
            .sqs(sqs.endpoint())
            .arguments(arguments)
            .arguments("--data=" + folder));
  }

  private void startBoss(String... options) throws Exception {
    boss =
        command(
                "start",
                "--port=0",
                "--backlog-queue=fleet-todo",
                "--results-queue=fleet-results",
                "--dead-letter-queue=fleet-dead")
            .arguments(options)
            .start();
    String line = boss.awaitLine("the API is at ", SOON);
    api = URI.create(line.substring(line.indexOf("http://")) + "/");
    boss.awaitLine("dispatching to the queue fleet-todo", SOON);
    try (DaemonProcess made = command("token", "create", "--scope=operate").start()) {
      assertEquals(0, made.awaitExit(SOON), made::toString);
      token = made.out().getLast();
    }
    call("PUT", "hours", "application/json", "{\"time_zone\": \"UTC\", \"windows\": []}");
    StringBuilder csv = new StringBuilder("name,payload\n");
    for (int i = 0; i < 30; i++) {
      csv.append("account ").append(i).append(",ab").append(i).append('\n');
    }
    call("POST", "tasks", "text/csv", csv.toString());
  }

  private JsonNode call(String method, String path, String type, String body) throws Exception {
    HttpResponse<String> answer =
        client.send(
            HttpRequest.newBuilder(api.resolve(path))
                .timeout(SOON)
                .header("Authorization", "Bearer " + token)
                .header("Content-Type", type)
                .method(method, BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertTrue(answer.statusCode() < 300, answer.body());
    return JSON.readTree(answer.body());
  }

  private JsonNode newest(String path) throws Exception {
    return call("GET", path + "?limit=1", "text/plain", "").path("items").path(0);
  }

  /** From an hour ago until in two: whatever the time is. */
  private void openHours() throws Exception {
    LocalDateTime from = LocalDateTime.now(ZoneOffset.UTC).minusHours(1);
    call(
        "PUT",
        "hours",
        "application/json",
        "{\"time_zone\":\"UTC\",\"windows\":[{\"day\":\"%s\",\"from\":\"%s\",\"to\":\"%s\"}]}"
            .formatted(
                from.getDayOfWeek().name().toLowerCase(Locale.ROOT),
                TIME.format(from),
                TIME.format(from.plusHours(3))));
  }

  private void closeHours() throws Exception {
    call("PUT", "hours", "application/json", "{\"time_zone\": \"UTC\", \"windows\": []}");
  }

  /** What a box does with its user data. */
  private void boot(String userData) {
    List<String> lines = new ArrayList<>(userData.lines().filter(line -> !line.isBlank()).toList());
    lines.addAll(List.of("poll_wait_time_in_secs=1", "concurrency=2"));
    workers.add(
        DaemonProcess.builder().sqs(sqs.endpoint()).userData(lines.toArray(String[]::new)).start());
  }

  private void awaitAllSucceeded() {
    await()
        .atMost(SOON)
        .until(
            () ->
                call("GET", "dispatch", "text/plain", "").path("tasks").path("succeeded").asInt()
                    == 30);
  }

  @Test
  void the_hours_launch_boxes_that_do_the_work_and_terminate_them() throws Exception {
    startBoss("--fleet-image=ami-0123456789abcdef0", "--fleet-boxes=2", "--fleet-spot");
    assertEquals(List.of(), fleet.instances());
    openHours();
    await().atMost(SOON).until(() -> fleet.instances().size() == 2);
    // EC2 knows of them before the boss has noted its answer.
    await().atMost(SOON).until(() -> newest("nights").path("boxes_state").asText().equals("up"));
    assertEquals(2, newest("nights").path("boxes").asInt());
    for (FakeInstance box : fleet.instances()) {
      assertEquals("fleet-todo", box.tags().get(Boxes.TAG));
      box.state("running");
      boot(box.userData());
    }
    awaitAllSucceeded();
    closeHours();
    await()
        .atMost(SOON)
        .until(
            () ->
                fleet.instances().stream()
                    .noneMatch(box -> List.of("running", "pending").contains(box.state())));
    assertEquals(1, fleet.calls("RunInstances").size());
    // EC2 has the answer before the boss has noted it.
    await().atMost(SOON).until(() -> newest("nights").path("boxes_state").asText().equals("ended"));
    JsonNode cost = newest("costs");
    assertEquals(30, cost.path("actual").path("tasks").asInt(), cost.toString());
    assertTrue(cost.path("actual").path("box_seconds").asDouble() > 0, cost.toString());
    assertEquals(0, cost.path("left_at_end").asInt(), cost.toString());
  }

  @Test
  void a_boss_that_is_killed_leaves_its_boxes_to_the_next_one_which_ends_them() throws Exception {
    startBoss("--fleet-image=ami-0123456789abcdef0", "--fleet-boxes=1");
    openHours();
    await().atMost(SOON).until(() -> fleet.instances().size() == 1);
    boss.sigkill();
    boss.awaitExit(SOON);
    boss.close();
    boot(fleet.instances().getFirst().userData());
    fleet.instances().getFirst().state("running");
    boss =
        command(
                "start",
                "--port=0",
                "--backlog-queue=fleet-todo",
                "--results-queue=fleet-results",
                "--dead-letter-queue=fleet-dead",
                "--fleet-image=ami-0123456789abcdef0",
                "--fleet-boxes=1")
            .start();
    String line = boss.awaitLine("the API is at ", SOON);
    api = URI.create(line.substring(line.indexOf("http://")) + "/");
    awaitAllSucceeded();
    closeHours();
    await().atMost(SOON).until(() -> newest("nights").path("boxes_state").asText().equals("ended"));
    assertEquals(1, fleet.instances().size());
    assertTrue(
        List.of("shutting-down", "terminated").contains(fleet.instances().getFirst().state()));
  }

  @Test
  void the_hours_raise_a_group_and_set_it_to_its_minimum() throws Exception {
    FakeGroup group = fleet.group("night-workers", 0, 5, 0);
    startBoss("--fleet-group=night-workers", "--fleet-boxes=3");
    assertEquals(0, group.desired());
    openHours();
    await().atMost(SOON).until(() -> group.desired() == 3);
    boot(
        "job_backlog_queue_name=fleet-todo\nresults_queue_name=fleet-results\n"
            + "dead_letter_queue_name=fleet-dead");
    awaitAllSucceeded();
    closeHours();
    await().atMost(SOON).until(() -> group.desired() == 0);
    assertEquals(2, fleet.calls("SetDesiredCapacity").size());
  }
}
