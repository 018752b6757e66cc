package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs.Counts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

class StopIT extends BlackBox {
  @Test
  void an_idle_worker_stops_at_once_with_0() throws Exception {
    DaemonProcess daemon = startAndAwait();
    await().atMost(SOON).until(() -> proxy().requests("ReceiveMessage") == 1);

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(Duration.ofSeconds(15)));
  }

  @Tag("long")
  @Test
  void stops_amid_load_lose_nothing_run_nothing_twice_and_leave_nothing_invisible()
      throws Exception {
    List<String> ids = sqs.send(BACKLOG, jobs("sleep 20", 600));
    while (sqs.counts(RESULTS).total() < 400) {
      int enough = sqs.counts(RESULTS).total() + 51;
      DaemonProcess daemon = startAndAwait("concurrency=4", "poll_rate_per_min=60000");
      awaitResults(enough);
      long stoppedAt = System.nanoTime();
      daemon.sigterm();
      assertEquals(0, daemon.awaitExit(SOON));
      assertVisible(stoppedAt);
    }
    start("concurrency=64", "poll_rate_per_min=60000");

    // A receive that was cut may have taken some: then their lease has to end.
    await().atMost(SOON.multipliedBy(3)).until(() -> sqs.counts(RESULTS).total() >= 600);
    awaitEmptyBacklog();

    assertOneResultEach(ids);
    assertEquals(600, runs().size());
  }

  /**
   * A process that is started with SIGINT ignored, as a shell's background job is, goes on ignoring
   * it: not this one.
   */
  @Test
  void sigint_is_a_stop_too() throws Exception {
    DaemonProcess daemon =
        start(
            daemon()
                .command(Path.of("/usr/bin/env"))
                .arguments(
                    "--default-signal=INT",
                    Path.of("bin", "job-processor").toAbsolutePath().toString())
                .userData("concurrency=1"));
    daemon.awaitLine("taking jobs", SOON);

    daemon.sigint();

    assertEquals(0, daemon.awaitExit(SOON));
  }

  @Test
  @Tag("long")
  void a_shutdown_hook_that_never_ends_does_not_keep_the_process() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1");
    sqs.send(BACKLOG, "hook");
    awaitResults(1);

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(1, daemon.count("a shutdown hook of the executor's has not ended"));
  }

  @Test
  void a_standard_output_of_an_executors_own_does_not_keep_the_process() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1");
    sqs.send(BACKLOG, "own-output");
    awaitResults(1);

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(0, daemon.count("a shutdown hook of the executor's has not ended"));
  }

  @Test
  void running_jobs_may_finish_and_waiting_ones_are_given_back() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=2");
    sqs.send(BACKLOG, jobs("sleep 10000", 6));
    await().atMost(SOON).until(() -> runs().size() == 2);

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(new Counts(4, 0, 0), sqs.counts(BACKLOG));
    assertEquals(2, sqs.counts(RESULTS).total());
  }

  @Test
  void after_the_drain_time_running_jobs_are_given_back_unharmed() throws Exception {
    DaemonProcess daemon =
        startAndAwait("concurrency=2", "drain_timeout_in_secs=1", "job_failure_retries=0");
    List<String> ids = sqs.send(BACKLOG, "sleep 100000", "deaf 100000");
    await().atMost(SOON).until(() -> runs().size() == 2);

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    for (String id : ids) {
      daemon.awaitLine("job interrupted and given back; .* job_id=" + id + " .*ran_secs=", SOON);
    }
    daemon.awaitLine("stopped .*given_back=2", SOON);
    assertEquals(new Counts(2, 0, 0), sqs.counts(BACKLOG));
    assertEquals(0, sqs.counts(DEAD_LETTERS).total());
  }

  @Test
  void a_second_signal_ends_it_at_once() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1");
    sqs.send(BACKLOG, "sleep 100000");
    await().atMost(SOON).until(() -> runs().size() == 1);

    daemon.sigterm();
    daemon.awaitLine("stopping", SOON);
    await() // at once would be the same one
        .atMost(Duration.ofSeconds(30)) // a drain would take 90
        .pollInterval(Duration.ofMillis(200))
        .until(
            () -> {
              daemon.sigterm();
              return daemon.count("second signal") > 0;
            });

    assertEquals(1, daemon.awaitExit(SOON));
    daemon.awaitLine("WARN  second signal: ending at once", SOON);
  }

  /** coreutils' timeout sends one to the process and one to its group. */
  @Test
  @Tag("long")
  void two_signals_at_once_are_one() throws Exception {
    int status = 1;
    // If the machine stalls between them, they are two.
    for (int i = 0; status != 0 && i < 3; i++) {
      status = endedByTwoSignals(i);
    }
    assertEquals(0, status);
    assertTrue(sqs.counts(RESULTS).total() > 0);
  }

  private int endedByTwoSignals(int runsBefore) throws Exception {
    try (DaemonProcess daemon = startAndAwait("concurrency=1")) {
      sqs.send(BACKLOG, "sleep 3000");
      await().atMost(SOON).until(() -> runs().size() > runsBefore);

      String twice = "kill -TERM " + daemon.pid() + "; kill -TERM " + daemon.pid();
      new ProcessBuilder("bash", "-c", twice).inheritIO().start().waitFor();

      return daemon.awaitExit(SOON);
    }
  }

  @Test
  void a_stop_before_sqs_answers_is_a_stop() throws Exception {
    proxy().down();
    DaemonProcess daemon = start();
    daemon.awaitLine("AWS calls fail", SOON);

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    assertTrue(daemon.err().isEmpty(), () -> daemon.err().toString());
  }
}
