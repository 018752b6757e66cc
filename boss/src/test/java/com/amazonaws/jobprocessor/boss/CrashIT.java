package com.amazonaws.jobprocessor.boss;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.PostgresProcess;
import com.amazonaws.jobprocessor.testkit.Checkout;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import com.amazonaws.jobprocessor.testkit.FaultyProxy;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Two bosses and two workers, all real processes, on one PostgreSQL, each of them killed while they
 * work. The properties {@code boss.crash.tasks} and {@code boss.crash.seed} make it longer or
 * repeat it.
 */
@Tag("long")
class CrashIT {
  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration LONG = Duration.ofMinutes(15);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NEVER = "{\"time_zone\": \"UTC\", \"windows\": []}";
  private static final String TODO = "crash-todo";
  private static final String RESULTS = "crash-results";

  @TempDir Path folder;
  private final HttpClient client = HttpClient.newHttpClient();
  private EmbeddedSqs sqs;
  private PostgresProcess postgres;
  private Outcome outcome;
  private String token;

  /** A boss and where its API is. */
  private record Running(DaemonProcess process, URI api) {}

  @BeforeEach
  void start() {
    postgres = PostgresProcess.start();
    sqs = EmbeddedSqs.start();
    outcome = new Outcome("jdbc:" + postgres.url());
  }

  @AfterEach
  void stop() {
    if (sqs != null) {
      sqs.close();
    }
    if (postgres != null) {
      postgres.close();
    }
    client.close();
  }

  private DaemonProcess command(String... arguments) {
    return command(sqs.endpoint(), arguments);
  }

  private DaemonProcess command(URI queues, String... arguments) {
    return DaemonProcess.builder()
        .command(Checkout.root().resolve("bin/boss"))
        .sqs(queues)
        .arguments(arguments)
        .arguments("--data=" + folder, "--database=" + postgres.url())
        .start();
  }

  private Running boss() throws InterruptedException {
    return boss(sqs.endpoint());
  }

  private Running boss(URI queues) throws InterruptedException {
    DaemonProcess boss =
        command(
            queues,
            "start",
            "--port=0",
            "--backlog-queue=" + TODO,
            "--results-queue=" + RESULTS,
            "--dead-letter-queue=crash-dead");
    String line = boss.awaitLine("the API is at ", SOON);
    boss.awaitLine("dispatching to the queue", SOON);
    return new Running(boss, URI.create(line.substring(line.indexOf("http://")) + "/"));
  }

  private DaemonProcess worker() {
    return DaemonProcess.builder()
        .sqs(sqs.endpoint())
        .userData(
            "job_backlog_queue_name=" + TODO,
            "results_queue_name=" + RESULTS,
            "dead_letter_queue_name=crash-dead",
            "poll_wait_time_in_secs=1",
            "poll_rate_per_min=6000",
            "expected_job_execution_time_in_secs=5",
            "concurrency=2")
        .start();
  }

  private String makeToken() throws InterruptedException {
    try (DaemonProcess made = command("token", "create", "--scope=operate")) {
      assertEquals(0, made.awaitExit(SOON), made::toString);
      return made.out().getLast();
    }
  }

  private HttpResponse<String> call(Running boss, String method, String path, String body)
      throws Exception {
    return client.send(
        HttpRequest.newBuilder(boss.api().resolve(path))
            .timeout(SOON)
            .header("Authorization", "Bearer " + token)
            .header("Content-Type", path.equals("tasks") ? "text/csv" : "application/json")
            .method(method, BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private void create(Running boss, int count) throws Exception {
    StringBuilder csv = new StringBuilder("name,payload\n");
    for (int i = 0; i < count; i++) {
      csv.append("account ").append(i).append(",ab").append(i).append('\n');
    }
    HttpResponse<String> answer = call(boss, "POST", "tasks", csv.toString());
    assertEquals(201, answer.statusCode(), answer.body());
  }

  private void set(Running boss, String hours) throws Exception {
    // Just after PostgreSQL was killed it is 503, which is to be sent again.
    HttpResponse<String> answer =
        await()
            .atMost(SOON)
            .until(() -> call(boss, "PUT", "hours", hours), given -> given.statusCode() != 503);
    assertEquals(200, answer.statusCode(), answer.body());
  }

  private static String always() {
    StringBuilder windows = new StringBuilder();
    for (String day :
        List.of("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")) {
      windows.append(windows.isEmpty() ? "" : ",");
      windows.append("{\"day\":\"" + day + "\",\"from\":\"00:00\",\"to\":\"24:00\"}");
    }
    return "{\"time_zone\": \"UTC\", \"windows\": [" + windows + "]}";
  }

  private void awaitSucceeded(long count) {
    await()
        .pollInterval(Duration.ofMillis(200))
        .atMost(LONG)
        .until(() -> outcome.inState("succeeded") >= count);
  }

  @Test
  void each_task_has_one_result_whoever_is_killed_and_none_goes_out_outside_the_hours()
      throws Exception {
    int tasks = Integer.getInteger("boss.crash.tasks", 600);
    long seed = Long.getLong("boss.crash.seed", 19);
    Random random = new Random(seed);
    Running[] bosses = {boss(), boss()};
    DaemonProcess[] workers = {worker(), worker()};
    try {
      token = makeToken();
      set(bosses[0], NEVER);
      create(bosses[1], tasks);
      kill(bosses, 0);
      assertEquals(0, outcome.count("select count(*) from run"), "sent before the hours");
      set(bosses[0], always());
      int events = 8;
      for (int event = 1; event <= events; event++) {
        awaitSucceeded((long) tasks * event / (events + 2));
        if (event == events / 2) {
          closeForAWhile(bosses);
        } else {
          strike(event, random, bosses, workers);
        }
      }
      awaitSucceeded(tasks);
      // PostgreSQL may not be back yet from the last strike.
      List<String> broken =
          await()
              .atMost(SOON)
              .ignoreExceptionsInstanceOf(SQLException.class)
              .until(() -> outcome.broken(tasks), Objects::nonNull);
      assertEquals(List.of(), broken, "seed " + seed);
      await().atMost(SOON).until(() -> sqs.counts(RESULTS).total() == 0);
    } finally {
      for (int i = 0; i < 2; i++) {
        bosses[i].process().close();
        workers[i].close();
      }
    }
  }

  /** Each kind comes, in an order of chance within. */
  private void strike(int event, Random random, Running[] bosses, DaemonProcess[] workers)
      throws Exception {
    int which = random.nextInt(2);
    switch (event % 4) {
      case 0 -> {
        workers[which].sigkill();
        workers[which].close();
        workers[which] = worker();
      }
      case 1 -> kill(bosses, which);
      case 2 -> {
        postgres.kill();
        postgres.restart();
      }
      default -> postgres.killBackend();
    }
  }

  private void kill(Running[] bosses, int which) throws InterruptedException {
    bosses[which].process().sigkill();
    bosses[which].process().close();
    bosses[which] = boss();
  }

  /** What a boss has left in the outbox stays there while the hours are over. */
  private void closeForAWhile(Running[] bosses) throws Exception {
    set(bosses[0], NEVER);
    Instant closed = Instant.now();
    kill(bosses, 0);
    kill(bosses, 1);
    Instant bothAreNew = Instant.now();
    token = makeToken();
    assertEquals(0, outcome.count("select count(*) from run where planned_at > ?", closed));
    assertEquals(0, outcome.count("select count(*) from run where sent_at > ?", bothAreNew));
    set(bosses[0], always());
  }

  @Test
  void what_a_boss_held_when_it_was_killed_is_sent_by_another_and_not_before() throws Exception {
    int tasks = 10;
    String free = "select count(*) from (select id from task for update skip locked) as free";
    try (FaultyProxy silent = FaultyProxy.before(sqs.endpoint())) {
      silent.on("SendMessageBatch").hang().forever();
      Running holder = boss(silent.endpoint());
      token = makeToken();
      create(holder, tasks);
      // It waits for SQS's answer, and has the tasks' rows meanwhile.
      await().atMost(SOON).until(() -> !silent.calls("SendMessageBatch").isEmpty());
      assertEquals(0, outcome.count(free));
      try (DaemonProcess other = boss().process();
          DaemonProcess worker = worker()) {
        other.awaitLine("dispatching to the queue", SOON);
        assertEquals(0, outcome.count(free));
        assertEquals(0, outcome.inState("dispatched"));
        holder.process().sigkill();
        holder.process().close();
        awaitSucceeded(tasks);
        assertEquals(List.of(), outcome.broken(tasks));
        assertEquals(0, outcome.count("select count(*) from run where sends <> 1"));
        assertTrue(worker.isAlive());
      } finally {
        holder.process().close();
      }
    }
  }

  @ParameterizedTest
  @EnumSource
  void while_the_database_is_away_the_api_says_so_and_all_goes_on_by_itself_afterwards(
      PostgresProcess.Away how) throws Exception {
    int first = 20;
    try (DaemonProcess boss = boss().process()) {
      Running running = new Running(boss, apiOf(boss));
      token = makeToken();
      create(running, 2 * first);
      // More go out when the first are answered.
      await().atMost(SOON).until(() -> outcome.inState("dispatched") == first);

      postgres.away(how);
      HttpResponse<String> away = call(running, "GET", "dispatch", "");
      assertEquals(503, away.statusCode(), away.body());
      assertEquals(
          "application/problem+json", away.headers().firstValue("Content-Type").orElse(""));
      assertEquals("5", away.headers().firstValue("Retry-After").orElse(""));
      JsonNode problem = JSON.readTree(away.body());
      assertEquals(503, problem.path("status").asInt());
      assertTrue(problem.path("detail").asText().contains("database"), away.body());

      try (DaemonProcess worker = worker()) {
        // All of them are done, their results taken up and given back, none deleted.
        await().atMost(SOON).until(() -> sqs.counts(TODO).total() == 0);
        await().atMost(SOON).until(() -> sqs.counts(RESULTS).total() == first);
        boss.awaitLine("storing what the queue " + RESULTS + " has fails", SOON);
        assertEquals(first, sqs.counts(RESULTS).total());

        postgres.back(how);
        awaitSucceeded(2L * first);
        assertEquals(List.of(), outcome.broken(2 * first));
        await().atMost(SOON).until(() -> sqs.counts(RESULTS).total() == 0);
        assertEquals(200, call(running, "GET", "dispatch", "").statusCode());
        assertTrue(worker.isAlive());
      }
    }
  }

  private URI apiOf(DaemonProcess boss) throws InterruptedException {
    String line = boss.awaitLine("the API is at ", SOON);
    return URI.create(line.substring(line.indexOf("http://")) + "/");
  }
}
