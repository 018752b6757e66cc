package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** The status page of a real daemon: what it says, and what it withstands. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class StatusPageIT extends WatchedBlackBox {
  @Test
  void the_page_is_where_the_log_says_and_the_json_tells_what_was_done() throws Exception {
    Watched worker = startWatched("concurrency=2", "job_failure_retries=0");
    sqs.send(BACKLOG, jobs("quick", 5));
    sqs.send(BACKLOG, "fail");
    sqs.send(BACKLOG, "sleep 60000");
    awaitResults(5);
    awaitDeadLetters(1);
    await().atMost(SOON).until(() -> worker.page().json().at("/slots/busy").asInt() == 1);

    String port = Integer.toString(worker.page().port());
    assertEquals(1, worker.daemon().count("status page url=http://127.0.0.1:" + port + "/$"));
    assertTrue(worker.page().get("/").body().startsWith("<!doctype html>"));
    await()
        .atMost(SOON)
        .until(
            () -> {
              JsonNode jobs = worker.page().json().at("/jobs");
              return jobs.at("/succeeded").asInt() == 5 && jobs.at("/dead_lettered").asInt() > 0;
            });
    JsonNode json = worker.page().json();
    assertEquals(1, json.at("/jobs/dead_lettered").asInt(), json::toPrettyString);
    assertEquals("java.io.IOException", json.at("/failures/0/error_type").asText());
    assertTrue(json.at("/failures/0/message").asText().startsWith("as the job says; at "));
    assertEquals(1, json.at("/slots/running").size());
    assertFalse(json.at("/slots/running/0/stuck").asBoolean());
    assertTrue(json.at("/cost/requests").asInt() > 3);
    assertTrue(json.at("/cost/dollars_per_million_jobs").asDouble() > 0);
    assertEquals(port, setting(json, "status_port"));
    assertEquals("ok", worker.page().get("/livez").body().strip());
  }

  private static String setting(JsonNode json, String key) {
    for (JsonNode setting : json.at("/settings")) {
      if (setting.at("/key").asText().equals(key)) {
        return setting.at("/value").asText();
      }
    }
    return "";
  }

  @Test
  void depths_are_asked_for_by_the_worker_and_never_in_answer_to_a_request() throws Exception {
    sqs.send(RESULTS, jobs("old", 3));
    Watched worker = startWatched("concurrency=1");
    await()
        .atMost(SOON)
        .until(() -> worker.page().json().at("/queues/results/waiting").asInt() == 3);
    await()
        .atMost(SOON)
        .until(() -> worker.page().json().at("/queues/dead_letters/age_seconds").isNumber());
    int before = proxy().requests("GetQueueAttributes");
    long from = System.nanoTime();

    for (int i = 0; i < 100; i++) {
      worker.page().get("/");
      worker.page().get("/metrics");
      worker.page().get("/status.json");
    }

    int asked = proxy().requests("GetQueueAttributes") - before;
    long secs = Duration.ofNanos(System.nanoTime() - from).toSeconds();
    // Somebody looks at the page: the backlog every ten seconds, the others once a minute.
    assertTrue(asked <= 1 + secs / 10 + 2 * (1 + secs / 60), asked + " in " + secs + " s");
  }

  @Test
  void secrets_are_shown_nowhere() throws Exception {
    Watched worker =
        startWatched(
            "concurrency=1",
            "executor.api=http://user:hunter2@example.com/",
            "job_failure_retries=0");
    sqs.send(BACKLOG, "say http://user:hunter2@example.com/");
    awaitDeadLetters(1);
    await().atMost(SOON).until(() -> worker.page().json().at("/failures").size() == 1);

    for (String path : List.of("/", "/status.json", "/metrics", "/livez", "/healthz", "/x")) {
      assertFalse(worker.page().get(path).body().contains("hunter2"), path);
    }
  }

  @Test
  void prometheus_is_given_what_was_done() throws Exception {
    Watched worker = startWatched("concurrency=2");
    sqs.send(BACKLOG, jobs("quick", 5));
    awaitResults(5);

    await()
        .atMost(SOON)
        .until(
            () ->
                worker
                    .page()
                    .get("/metrics")
                    .body()
                    .contains("\njobprocessor_jobs_total{outcome=\"succeeded\"} 5.0\n"));
    String metrics = worker.page().get("/metrics").body();
    assertTrue(metrics.contains("\njobprocessor_job_duration_seconds_count 5\n"), metrics);
    assertTrue(metrics.contains("\njobprocessor_job_wait_seconds_count 5\n"), metrics);
    assertTrue(metrics.contains("\njobprocessor_polling 1.0\n"), metrics);
  }

  @Test
  void health_follows_sqs_and_life_does_not() throws Exception {
    Watched worker = startWatched("concurrency=1", "poll_wait_time_in_secs=1");
    await().atMost(SOON).until(() -> worker.page().health("/healthz").equals("200 ok"));

    proxy().down();

    await()
        .atMost(SOON)
        .until(
            () ->
                worker
                    .page()
                    .health("/healthz")
                    .startsWith("503 waiting for SQS: ReceiveMessage " + BACKLOG));
    assertEquals("200 ok", worker.page().health("/livez"));

    proxy().up();

    await().atMost(SOON).until(() -> worker.page().health("/healthz").equals("200 ok"));
  }

  @Test
  void while_aws_is_away_at_the_start_the_page_is_there_and_says_so() throws Exception {
    proxy().down();
    Watched worker = startWatched("concurrency=1");

    await()
        .atMost(SOON)
        .until(
            () -> worker.page().health("/healthz").startsWith("503 waiting for SQS: GetQueueUrl"));
    assertEquals("outage", worker.page().json().at("/limit/kind").asText());
    assertTrue(worker.page().json().at("/slots/busy").isNull());

    proxy().up();
    await().atMost(SOON).until(() -> worker.page().health("/healthz").equals("200 ok"));
  }

  @Test
  void a_drain_is_told_until_the_end() throws Exception {
    Watched worker = startWatched("concurrency=1");
    sqs.send(BACKLOG, "sleep 20000");
    await().atMost(SOON).until(() -> runs().size() == 1);

    worker.daemon().sigterm();

    await().atMost(SOON).until(() -> worker.page().health("/healthz").equals("503 draining"));
    assertEquals("200 ok", worker.page().health("/livez"));
    assertTrue(worker.page().json().at("/draining").asBoolean());
    assertEquals(0, worker.daemon().awaitExit(SOON));
    assertEquals(1, sqs.counts(RESULTS).total());
  }

  @Test
  void a_port_that_is_taken_is_one_warning_and_the_worker_works() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      DaemonProcess daemon = startAndAwait("status_port=" + taken.getLocalPort());
      sqs.send(BACKLOG, "quick");
      awaitResults(1);

      daemon.awaitLine(
          "no status page: cannot listen there.* status_port=" + taken.getLocalPort(), SOON);
      assertEquals(1, daemon.count("WARN"));
      daemon.sigterm();
      assertEquals(0, daemon.awaitExit(SOON));
    }
  }

  @Test
  void an_address_that_is_not_this_machines_is_one_warning_too() throws Exception {
    DaemonProcess daemon =
        startAndAwait("status_address=192.0.2.1", "status_port=" + StatusPageClient.freePort());

    daemon.awaitLine("no status page: cannot listen there.* status_address=192.0.2.1", SOON);
  }

  /** Whoever logs then hangs, and with it each lock that it holds: that of what fails, too. */
  @Test
  void a_lock_that_hangs_leaves_the_page_its_last_numbers_and_ends_its_life() throws Exception {
    Watched worker = startWatched("concurrency=2", "poll_wait_time_in_secs=1");
    sqs.send(BACKLOG, "hang-log");
    awaitResults(1);
    assertTrue(worker.page().json().at("/slots/busy").isNumber());
    proxy().down();
    await().atMost(SOON).until(() -> worker.page().json().at("/slots/age_seconds").asDouble() > 3);

    for (int i = 0; i < 200; i++) {
      new Thread(() -> ask(worker.page())).start();
    }

    await()
        .atMost(Duration.ofMinutes(2))
        .ignoreExceptions() // while the others ask, there may be no connection for one more
        .until(() -> worker.page().health("/livez").startsWith("503 stuck"));
    assertTrue(worker.page().json().at("/stuck").size() > 0);
  }

  private static void ask(StatusPageClient page) {
    try {
      page.get("/status.json");
    } catch (Exception e) {
      // one of many
    }
  }

  @Test
  void slow_requests_are_cut_and_others_are_answered() throws Exception {
    Watched worker = startWatched("concurrency=1");
    List<Socket> slow = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Socket socket = worker.page().connect();
        StatusPageClient.send(socket, "GET /status.json HTTP/1.1\r\nHost: localhost\r\nX-Slow: ");
        slow.add(socket);
      }
      assertEquals("200 ok", worker.page().health("/livez"));
      for (Socket socket : slow) {
        assertEquals("", StatusPageClient.readAll(socket)); // closed without an answer
      }
    } finally {
      for (Socket socket : slow) {
        socket.close();
      }
    }
    assertEquals("200 ok", worker.page().health("/livez"));
  }

  @Test
  void bodies_are_refused_unread_and_heads_without_an_end_are_cut() throws Exception {
    Watched worker = startWatched("concurrency=1");
    try (Socket post = worker.page().connect()) {
      StatusPageClient.send(
          post, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10485760\r\n\r\nx");
      assertTrue(StatusPageClient.readAll(post).startsWith("HTTP/1.1 405 "));
    }
    try (Socket head = worker.page().connect()) {
      StatusPageClient.send(head, "GET / HTTP/1.1\r\nHost: localhost\r\nX: " + "y".repeat(20_000));
      assertTrue(StatusPageClient.readAll(head).startsWith("HTTP/1.1 431 "));
    }
    assertEquals("200 ok", worker.page().health("/livez"));
  }

  /** More than it takes at the same time: they wait for their turn, and none is refused. */
  @Test
  void as_many_as_come_at_once_are_answered_one_after_the_other() throws Exception {
    Watched worker = startWatched("concurrency=1");
    AtomicInteger answered = new AtomicInteger();
    List<Thread> askers = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      askers.add(
          Thread.startVirtualThread(
              () -> {
                try {
                  answered.addAndGet(worker.page().get("/status.json").statusCode() / 200);
                } catch (IOException e) {
                  // not answered
                } catch (InterruptedException e) {
                  Thread.currentThread().interrupt();
                }
              }));
    }
    for (Thread asker : askers) {
      assertTrue(asker.join(SOON));
    }
    assertEquals(100, answered.get());
  }
}
