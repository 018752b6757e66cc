package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import com.amazonaws.jobprocessor.testkit.NotifySocket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A box that has nothing to do. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class IdleEndIT extends BlackBox {
  private static final String ID = "i-0123456789abcdef0";
  private static final Duration A_MINUTE_AND_MORE = Duration.ofMinutes(5);

  private DaemonProcess startIdle(int seconds) throws InterruptedException {
    return startAndAwait("concurrency=2", "idle_shutdown_after_secs=" + seconds);
  }

  @Test
  void off_ec2_it_ends_with_0_after_so_long_without_a_job() throws Exception {
    sqs.send(BACKLOG, "sleep 4000");
    DaemonProcess daemon = startIdle(3);

    assertEquals(0, daemon.awaitExit(SOON));

    assertEquals(1, sqs.counts(RESULTS).total());
    assertEquals(1, daemon.count("idle: ending.* idle_secs=3"));
  }

  @Test
  void under_systemd_it_ends_with_79_which_the_unit_does_not_start_again() throws Exception {
    try (NotifySocket systemd = new NotifySocket()) {
      DaemonProcess daemon =
          start(
              daemon()
                  .set("NOTIFY_SOCKET", systemd.path())
                  .userData(EXECUTOR, "idle_shutdown_after_secs=1"));

      assertEquals(79, daemon.awaitExit(SOON));
    }
  }

  @Test
  void jobs_that_arrive_at_the_last_moment_are_done_or_left_visible() throws Exception {
    Random random = new Random(16);
    List<String> sent = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      DaemonProcess daemon = startIdle(1);
      // In the middle of its last receive, of its end, or behind it.
      Duration late = Duration.ofMillis(800 + random.nextInt(500));
      long from = System.nanoTime();
      await()
          .pollInterval(Duration.ofMillis(1))
          .atMost(SOON)
          .until(() -> System.nanoTime() - from >= late.toNanos());
      sent.addAll(sqs.send(BACKLOG, jobs("sleep 20", 3)));

      assertEquals(0, daemon.awaitExit(SOON));

      assertEquals(0, sqs.counts(BACKLOG).notVisible());
      assertEquals(
          sent.size(), sqs.counts(BACKLOG).visible() + sqs.counts(RESULTS).total(), "none is lost");
    }
    DaemonProcess last = startAndAwait("concurrency=2");
    awaitResults(sent.size());
    last.sigterm();
    assertEquals(0, last.awaitExit(SOON));
    assertOneResultEach(sent);
  }

  @Test
  void while_sqs_is_away_it_does_not_end_since_there_may_be_jobs() throws Exception {
    proxy().on("ReceiveMessage").fail(503).forever();
    DaemonProcess daemon = startIdle(2);
    daemon.awaitLine("AWS calls fail", SOON);
    sqs.send(BACKLOG, "sleep 10");
    long from = System.nanoTime();
    await().atMost(SOON).until(() -> System.nanoTime() - from > 6_000_000_000L);
    assertTrue(daemon.isAlive());

    proxy().clear();

    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(1, sqs.counts(RESULTS).total());
  }

  @Test
  void on_ec2_less_than_a_minute_is_refused() throws Exception {
    try (FakeImds imds = FakeImds.start()) {
      imds.userData("idle_shutdown_after_secs=59");
      DaemonProcess daemon = start(daemon().imds(imds.endpoint()));

      assertEquals(78, daemon.awaitExit(SOON));

      assertEquals(1, daemon.err().size());
      assertTrue(
          daemon.err().getFirst().endsWith("allowed: 1 or more, on EC2 60 or more"),
          daemon.err()::toString);
    }
  }

  @Test
  void in_a_group_it_ends_with_one_less_desired_and_at_the_minimum_it_stays() throws Exception {
    try (FakeImds imds = FakeImds.start();
        FakeFleet fleet = FakeFleet.start().running(ID)) {
      imds.userData(EXECUTOR + "\nidle_shutdown_after_secs=60").targetState("InService");
      FakeGroup group = fleet.group("workers", 0, 3, 1).with(ID);
      FakeGroup others = fleet.group("others", 1, 3, 1).with("i-2");
      DaemonProcess daemon = start(fleet.serve(daemon().imds(imds.endpoint())));
      try (FakeImds second = FakeImds.start()) {
        second
            .userData(EXECUTOR + "\nidle_shutdown_after_secs=60")
            .set(FakeImds.INSTANCE_ID, "i-2");
        DaemonProcess kept = start(fleet.serve(daemon().imds(second.endpoint())));
        kept.awaitLine("at its minimum: this instance stays and takes jobs", A_MINUTE_AND_MORE);
        daemon.awaitLine("drained: takes no jobs until it is stopped", A_MINUTE_AND_MORE);

        sqs.send(BACKLOG, jobs("sleep 10", 3));
        awaitResults(3);

        assertEquals(0, group.desired());
        assertEquals(1, others.desired());
        assertEquals(0, fleet.calls("TerminateInstances").size());
        assertEquals(2, fleet.calls("TerminateInstanceInAutoScalingGroup").size());
        assertEquals(1, kept.count("at its minimum"));
        for (DaemonProcess each : List.of(daemon, kept)) {
          each.sigterm();
          assertEquals(0, each.awaitExit(SOON));
        }
      }
    }
  }
}
