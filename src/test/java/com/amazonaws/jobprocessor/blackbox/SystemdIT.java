package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.Call;
import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import com.amazonaws.jobprocessor.testkit.Fault;
import com.amazonaws.jobprocessor.testkit.NotifySocket;
import com.amazonaws.jobprocessor.testkit.NotifySocket.Received;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** What a unit of Type=notify with a watchdog hears of the worker. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class SystemdIT extends BlackBox {
  private static final Duration WATCHDOG =
      Duration.ofSeconds(6); // a sign each 2 s: a machine may pause

  private final NotifySocket systemd = new NotifySocket();

  @AfterEach
  void close() {
    systemd.close();
  }

  private DaemonProcessBuilder watched() {
    return daemon()
        .set("NOTIFY_SOCKET", systemd.path())
        .set("WATCHDOG_USEC", Long.toString(WATCHDOG.toNanos() / 1_000));
  }

  private DaemonProcess startWatched(String... pairs) {
    return start(
        watched()
            .userData(
                Stream.concat(
                        Stream.of(EXECUTOR, "executor.record=" + folder.resolve("runs.txt")),
                        Stream.of(pairs))
                    .toArray(String[]::new)));
  }

  /** There are four signs of life in a row, from now on, that the watchdog is content with. */
  private void assertFed() {
    long begin = System.nanoTime();
    await().atMost(SOON).until(() -> inARow(systemd.since(begin, "^WATCHDOG=1$")) >= 4);
  }

  /** How many of the last came in time; a machine that pauses is late with one. */
  private static int inARow(List<Received> signs) {
    int row = 0;
    long before = 0;
    for (Received sign : signs) {
      row = row > 0 && sign.at() - before < WATCHDOG.toNanos() ? row + 1 : 1;
      before = sign.at();
    }
    return row;
  }

  @Test
  void ready_does_not_wait_for_sqs_and_the_status_says_what_is_waited_for() throws Exception {
    proxy().down();
    DaemonProcess daemon = startWatched("concurrency=3");
    systemd.await("^READY=1$", SOON);
    systemd.await("^STATUS=waiting for SQS: GetQueueUrl " + BACKLOG + ": [A-Za-z]+$", SOON);
    assertFed();
    assertEquals(1, systemd.all("^STATUS=waiting").size(), "a status is told when it changes");

    proxy().up();

    systemd.await("^STATUS=taking jobs: 0 of 3 slots busy$", SOON);
    assertEquals(1, systemd.all("READY").size());
    assertEquals(0, systemd.all("STOPPING|EXTEND").size());
    assertEquals(List.of(), daemon.err());
  }

  @Test
  void while_metadata_is_away_it_is_not_ready_but_asks_for_time() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.userData(EXECUTOR).set(FakeImds.REGION, "us-east-1").set(FakeImds.INSTANCE_ID, "i-1");
      imds.down();
      start(watched().imds(imds.endpoint()));
      systemd.await("^STATUS=waiting for instance metadata$", SOON);
      systemd.await("^EXTEND_TIMEOUT_USEC=30000000$", SOON);
      assertEquals(0, systemd.all("READY").size());

      imds.up();

      Received ready = systemd.await("^READY=1$", SOON);
      systemd.await("^STATUS=taking jobs", SOON);
      assertEquals(0, systemd.since(ready.at(), "EXTEND").size());
    }
  }

  @Test
  void settings_that_cannot_work_are_never_ready() throws Exception {
    DaemonProcess daemon = start(watched().userData("concurrency=0"));
    assertEquals(78, daemon.awaitExit(SOON));
    assertEquals(0, systemd.all("READY|STOPPING").size());
  }

  @Test
  void with_all_slots_busy_it_is_alive_and_so_it_is_when_sqs_goes_away() throws Exception {
    startWatched("concurrency=2", "expected_job_execution_time_in_secs=4"); // renewed soon
    sqs.send(BACKLOG, jobs("sleep 60000", 2));
    systemd.await("^STATUS=taking jobs: 2 of 2 slots busy$", SOON);
    assertFed();

    proxy().down();
    systemd.await("^STATUS=waiting for SQS: .*; 2 of 2 slots busy$", SOON);

    assertFed();
  }

  /**
   * SQS's answer to a short poll when 120,000 messages are in flight. Each wait is at least half of
   * 0.1 s, 0.2 s, 0.4 s and so on: no rush, of one worker or of a fleet.
   */
  @Test
  void too_many_messages_in_flight_are_waited_out_without_a_rush_and_named_once() throws Exception {
    Fault full =
        proxy()
            .on("ReceiveMessage")
            .error(403, "OverLimit", "Too many messages in flight.")
            .forever();
    DaemonProcess daemon = startWatched("concurrency=2", "poll_rate_per_min=60000");
    systemd.await(
        "^STATUS=waiting for SQS: ReceiveMessage " + BACKLOG + ": OverLimit; 0 of 2 slots busy$",
        SOON);
    full.awaitHits(7, SOON);

    List<Call> receives = proxy().calls("ReceiveMessage");
    double seconds = (receives.get(6).arrivedNanos() - receives.get(0).arrivedNanos()) / 1e9;
    assertTrue(seconds >= 3.15, "7 receives in " + seconds + " s");
    assertEquals(1, daemon.count("WARN .*AWS calls fail; retrying .*error=OverLimit"));

    proxy().clear();
    sqs.send(BACKLOG, "plain");
    awaitResults(1);
    daemon.awaitLine("AWS calls succeed again", SOON);
    systemd.await("^STATUS=taking jobs", SOON);
    assertEquals(1, daemon.count("WARN .*AWS calls fail"));
  }

  @Test
  void with_all_cores_taken_it_is_alive() throws Exception {
    int slots = 2 * Runtime.getRuntime().availableProcessors();
    startWatched("concurrency=" + slots);
    sqs.send(BACKLOG, jobs("burn 60000", slots));
    systemd.await("^STATUS=taking jobs: " + slots + " of " + slots + " slots busy$", SOON);
    assertFed();
    assertTrue(
        systemd.all("^STATUS=").getLast().assignment().contains(slots + " of " + slots),
        systemd::toString);
  }

  @Test
  void a_drain_is_alive_says_what_it_waits_for_and_asks_for_no_more_time_than_it_needs()
      throws Exception {
    DaemonProcess daemon = startWatched("concurrency=2", "drain_timeout_in_secs=8");
    sqs.send(BACKLOG, "sleep 60000", "deaf 60000");
    systemd.await("2 of 2 slots busy", SOON);
    daemon.sigterm();
    long stopAt = systemd.await("^STOPPING=1$", SOON).at();
    systemd.await("^STATUS=draining: 2 jobs run, at most [1-8] s more$", SOON);
    assertFed();
    systemd.await("^STATUS=draining: 1 job runs, its time is over$", SOON);

    assertEquals(0, daemon.awaitExit(SOON));

    assertEquals(1, systemd.all("STOPPING").size());
    List<Received> extensions = systemd.all("^EXTEND_TIMEOUT_USEC=");
    assertTrue(extensions.size() >= 4, systemd::toString);
    long end = stopAt + Duration.ofSeconds(36).toNanos(); // 8 s, 20 s, some to be told
    for (Received extension : extensions) {
      long micros = Long.parseLong(extension.assignment().split("=", 2)[1]);
      assertTrue(micros > 0 && micros <= 30_000_000, extension::toString);
      assertTrue(extension.at() + micros * 1_000 - end < 0, extension::toString);
    }
  }

  /** Whoever logs then hangs, and with it each lock that it holds. */
  @Test
  void a_job_that_makes_our_threads_hang_ends_the_signs_of_life() throws Exception {
    startWatched("concurrency=2");
    sqs.send(BACKLOG, "hang-log");
    awaitResults(1);
    assertFed();

    proxy().down();

    await()
        .atMost(SOON)
        .until(
            () ->
                System.nanoTime() - systemd.all("^WATCHDOG=1$").getLast().at()
                    > 2 * WATCHDOG.toNanos());
  }

  @Test
  void a_worker_without_a_watchdog_or_with_another_processs_is_ready_and_gives_no_signs()
      throws Exception {
    start(watched().set("WATCHDOG_PID", "1").userData(EXECUTOR));
    systemd.await("^STATUS=", SOON);
    systemd.await("^READY=1$", SOON);
    assertEquals(0, systemd.all("WATCHDOG").size());
  }
}
