package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.NotifySocket;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * 120,000 messages of the backlog in flight, beyond which SQS gives out no more: a short poll is
 * answered with an error, a long poll with nothing. The poll rate would allow a thousand receives a
 * second.
 */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class InFlightLimitIT extends WatchedBlackBox {
  private static final String LIMIT =
      "messages in flight: SQS gives out no more while the backlog has about 120,000";

  private final NotifySocket systemd = new NotifySocket();

  @AfterEach
  void closeSocket() {
    systemd.close();
  }

  @Override
  DaemonProcessBuilder daemon() {
    return super.daemon().set("NOTIFY_SOCKET", systemd.path());
  }

  /** Each wait is at least half of 0.1 s, 0.2 s, 0.4 s and so on; the first may arrive late. */
  private void assertNoRush() {
    await().atMost(SOON).until(() -> proxy().requests("ReceiveMessage") >= 7);
    List<Call> receives = proxy().calls("ReceiveMessage");
    double seconds = (receives.get(6).arrivedNanos() - receives.get(0).arrivedNanos()) / 1e9;
    assertTrue(seconds >= 2, "7 receives in " + seconds + " s");
  }

  private static void awaitLimit(Watched worker) {
    await()
        .atMost(SOON)
        .until(() -> worker.page().json().at("/limit/kind").asText().equals("in_flight"));
  }

  private void assertWorksAgain(Watched worker) throws Exception {
    proxy().clear();
    sqs.send(BACKLOG, "plain");
    awaitResults(1);
    await()
        .atMost(SOON)
        .until(() -> !worker.page().json().at("/limit/kind").asText().equals("in_flight"));
    assertEquals(0, worker.page().json().at("/jobs/retried").asInt());
  }

  @Test
  void a_short_poll_that_fails_is_waited_out_and_named_on_the_page_and_in_the_status()
      throws Exception {
    proxy().on("ReceiveMessage").error(403, "OverLimit", "Too many messages in flight.").forever();
    Watched worker =
        startWatched("concurrency=2", "poll_wait_time_in_secs=0", "poll_rate_per_min=60000");

    awaitLimit(worker);
    assertNoRush();
    systemd.await(
        "^STATUS=waiting for SQS: ReceiveMessage " + BACKLOG + ": OverLimit; 0 of 2 slots busy$",
        SOON);
    assertEquals("OverLimit", worker.page().json().at("/failing_calls/0/error").asText());
    String page = worker.page().text();
    assertTrue(page.contains("▲ waiting: too many messages are in flight"), page);
    assertTrue(page.contains("What limits it: " + LIMIT), page);
    assertTrue(
        page.contains("OverLimit. About 120,000 messages of the queue are in flight; SQS"), page);
    assertEquals(
        "503 waiting for SQS: ReceiveMessage " + BACKLOG + ": OverLimit",
        worker.page().health("/healthz"));
    assertEquals("200 ok", worker.page().health("/livez"));
    assertEquals(1, worker.daemon().count("WARN .*AWS calls fail; retrying .*error=OverLimit"));
    assertWorksAgain(worker);
    worker.daemon().awaitLine("AWS calls succeed again", SOON);
  }

  @Test
  void long_polls_that_bring_nothing_are_no_rush_either_and_the_reason_is_named() throws Exception {
    proxy().on("ReceiveMessage").answer(200, "{}").forever();
    proxy()
        .on("GetQueueAttributes")
        .queue(BACKLOG)
        .answer(
            200,
            """
            {"Attributes": {"ApproximateNumberOfMessages": "5000",
             "ApproximateNumberOfMessagesNotVisible": "119876"}}""")
        .forever();
    Watched worker = startWatched("concurrency=2", "poll_rate_per_min=60000");

    awaitLimit(worker);
    assertNoRush();
    systemd.await(
        "^STATUS=waiting: too many messages of "
            + BACKLOG
            + " are in flight, SQS gives out no more; 0 of 2 slots busy$",
        SOON);
    String page = worker.page().text();
    assertTrue(page.contains("▲ waiting: too many messages are in flight"), page);
    assertTrue(page.contains("What limits it: " + LIMIT), page);
    assertTrue(
        page.contains("nearly as many messages of the backlog are in flight as SQS allows"), page);
    assertTrue(page.contains("in_flight=119876 at_most_about=120000"), page);
    assertEquals("200 ok", worker.page().health("/healthz"));
    assertEquals(0, worker.daemon().count("WARN"));
    assertWorksAgain(worker);
  }
}
