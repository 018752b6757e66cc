package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.NotifySocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The daemon under a service manager: what it says, and that its watchdog is fed whatever happens.
 */
class SystemdIT extends BlackBox {
  private static final Duration WATCHDOG = Duration.ofMillis(1_500);
  private Path socketFolder;
  private NotifySocket socket;

  @BeforeEach
  void listen() throws Exception {
    socketFolder = Files.createTempDirectory("n"); // short: a socket's path has 107 bytes
    socket = NotifySocket.listen(socketFolder.resolve("s"));
  }

  @AfterEach
  void close() throws Exception {
    socket.close();
    try (var files = Files.walk(socketFolder)) {
      files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
    }
  }

  private DaemonProcess startNotifying(String... pairs) {
    return start(
        daemon()
            .set("NOTIFY_SOCKET", socket.path())
            .set("WATCHDOG_USEC", Long.toString(WATCHDOG.toNanos() / 1_000))
            .userData(pairs));
  }

  private void awaitMessage(String text) {
    await().atMost(SOON).until(() -> !socket.messages(text).isEmpty());
  }

  /** From now on the watchdog must not bark for three times its patience. */
  private void assertFed() {
    int before = socket.messages("WATCHDOG=1").size();
    long last = System.nanoTime();
    long end = last + 3 * WATCHDOG.toNanos();
    await().atMost(SOON).until(() -> System.nanoTime() > end);
    List<NotifySocket.Message> fed = socket.messages("WATCHDOG=1");
    for (NotifySocket.Message message : fed.subList(before, fed.size())) {
      assertTrue(message.at() - last < WATCHDOG.toNanos(), "hungry for too long: " + fed);
      last = message.at();
    }
    assertTrue(System.nanoTime() - last < WATCHDOG.toNanos(), "fed no more: " + fed);
  }

  @Test
  void it_is_ready_when_it_polls_and_says_what_it_does() {
    startNotifying("job_executor=com.amazonaws.jobprocessor.executors.Sleep", "concurrency=3");

    awaitMessage("READY=1");
    awaitMessage("STATUS=taking jobs: 0 of 3 slots busy");
    sqs.send(BACKLOG, "60000", "60000");
    awaitMessage("STATUS=taking jobs: 2 of 3 slots busy");
  }

  @Test
  void it_is_ready_while_sqs_is_away_and_fed_and_says_what_it_waits_for() {
    proxy().down();
    startNotifying();

    awaitMessage("READY=1");
    awaitMessage("STATUS=looking for the queues; AWS does not do what we ask: GetQueueUrl at");
    assertFed();
  }

  @Test
  void the_watchdog_is_fed_while_all_slots_are_busy_and_in_an_outage() {
    startNotifying("job_executor=com.amazonaws.jobprocessor.executors.Sleep", "concurrency=2");
    sqs.send(BACKLOG, Collections.nCopies(6, "60000"));
    awaitMessage("STATUS=taking jobs: 2 of 2 slots busy");
    assertFed();

    proxy().down();
    awaitMessage("STATUS=taking jobs: 2 of 2 slots busy; AWS does not do what we ask");
    assertFed();
  }

  @Test
  void the_watchdog_is_fed_while_jobs_take_every_core() {
    int cores = Runtime.getRuntime().availableProcessors();
    startNotifying(
        "job_executor=com.amazonaws.jobprocessor.executors.CountPrimes",
        "concurrency=" + 2 * cores);
    sqs.send(BACKLOG, Collections.nCopies(2 * cores, "1000000000"));
    awaitMessage("STATUS=taking jobs: " + 2 * cores + " of");

    assertFed();
  }

  @Test
  void a_drain_is_fed_asks_for_time_and_ends_with_its_job() throws Exception {
    DaemonProcess daemon =
        startNotifying(
            "job_executor=com.amazonaws.jobprocessor.executors.Sleep",
            "concurrency=1",
            "drain_timeout_in_secs=100");
    sqs.send(BACKLOG, "7000");
    awaitMessage("STATUS=taking jobs: 1 of 1");
    daemon.sigterm();

    awaitMessage("STOPPING=1");
    awaitMessage("EXTEND_TIMEOUT_USEC=40000000");
    awaitMessage("STATUS=stopping: waits for 1 running jobs");
    assertFed();
    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(1, sqs.counts(RESULTS).total());
  }

  /** Its deadline is over at once, and twenty seconds later nothing is asked for any more. */
  @Test
  void no_time_is_asked_for_beyond_the_drains_own() throws Exception {
    DaemonProcess daemon =
        startNotifying(
            "job_executor=com.amazonaws.jobprocessor.executors.Sleep", "drain_timeout_in_secs=0");
    sqs.send(BACKLOG, "60000");
    awaitMessage("STATUS=taking jobs: 1 of");
    proxy().down(); // what is given back cannot be said: the stop takes all the time it has
    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    for (NotifySocket.Message message : socket.messages("EXTEND_TIMEOUT_USEC=")) {
      long micros = Long.parseLong(message.text().substring(message.text().indexOf('=') + 1));
      assertTrue(micros <= 20_000_000, message.text());
    }
    assertTrue(!socket.messages("EXTEND_TIMEOUT_USEC=").isEmpty());
  }
}
