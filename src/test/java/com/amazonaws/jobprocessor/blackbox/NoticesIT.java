package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs.Counts;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import com.amazonaws.jobprocessor.testkit.NotifySocket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A box that is about to be taken. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class NoticesIT extends BlackBox {
  private static final String ID = "i-0123456789abcdef0";

  /** Asked every five seconds, on a machine that may be busy. */
  private static final Duration SEEN = Duration.ofSeconds(30);

  private final FakeImds imds = FakeImds.start();
  private final FakeFleet fleet = FakeFleet.start().running(ID);
  private final NotifySocket systemd = new NotifySocket();

  @AfterEach
  void close() {
    imds.close();
    fleet.close();
    systemd.close();
  }

  @Override
  DaemonProcessBuilder daemon() {
    return fleet.serve(super.daemon().imds(imds.endpoint()).set("NOTIFY_SOCKET", systemd.path()));
  }

  private void interruptIn(int seconds) {
    imds.spotAction("terminate", Instant.now().plusSeconds(seconds));
  }

  private void awaitRuns(int count) {
    await().atMost(SOON).until(() -> runs().size() == count);
  }

  private static void awaitDrained(DaemonProcess daemon) throws InterruptedException {
    daemon.awaitLine("drained: takes no jobs until it is stopped", SOON);
  }

  private static void assertStops(DaemonProcess daemon) throws InterruptedException {
    assertTrue(daemon.isAlive(), "it stays until it is stopped");
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));
  }

  @Test
  void in_mid_load_short_jobs_are_done_long_ones_go_back_at_once_and_nothing_is_taken_any_more()
      throws Exception {
    int port = StatusPageClient.freePort();
    DaemonProcess daemon =
        startAndAwait("concurrency=4", "poll_rate_per_min=60000", "status_port=" + port);
    sqs.send(BACKLOG, jobs("sleep 100", 40));
    awaitResults(40);
    sqs.send(BACKLOG, "sleep 600000 a", "sleep 600000 b");
    awaitRuns(42);
    sqs.send(BACKLOG, jobs("sleep 100", 200));
    awaitResults(60);

    interruptIn(100);
    daemon.awaitLine("spot interruption \\(terminate\\): draining", SEEN);
    long noticedAt = System.nanoTime();
    awaitDrained(daemon);

    assertVisible(noticedAt);
    Counts left = sqs.counts(BACKLOG);
    assertEquals(242, left.total() + sqs.counts(RESULTS).total());
    systemd.await("^STATUS=drained, takes no jobs: spot interruption \\(terminate\\)$", SOON);
    try (StatusPageClient page = new StatusPageClient(port)) {
      String health = page.health("/healthz");
      assertTrue(health.startsWith("503 drained: "), health);
    }
    int receives = proxy().requests("ReceiveMessage");
    int began = runs().size();
    daemon.awaitLine("secs_to_spare=[789]\\d", SOON);
    sqs.send(BACKLOG, "sleep 1 more");
    assertStops(daemon);
    assertEquals(receives, proxy().requests("ReceiveMessage"));
    assertEquals(began, runs().size());
    assertEquals(0, systemd.all("^STATUS=.*failed").size());
  }

  @Test
  void a_job_that_will_be_done_in_time_is_done() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1", "expected_job_execution_time_in_secs=15");
    sqs.send(BACKLOG, "sleep 10000");
    awaitRuns(1);

    interruptIn(60);
    awaitDrained(daemon);

    assertEquals(new Counts(0, 0, 0), sqs.counts(BACKLOG));
    assertEquals(1, sqs.counts(RESULTS).total());
    assertStops(daemon);
  }

  @Test
  void a_second_notice_brings_the_end_forward() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1", "expected_job_execution_time_in_secs=60");
    sqs.send(BACKLOG, "sleep 50000");
    awaitRuns(1);
    interruptIn(300);
    daemon.awaitLine("draining", SEEN);
    systemd.await(
        "^STATUS=draining, spot interruption \\(terminate\\): 1 job runs, at most \\d+ s more$",
        SOON);
    assertEquals(new Counts(0, 1, 0), sqs.counts(BACKLOG));

    interruptIn(45);
    awaitDrained(daemon);

    assertEquals(new Counts(1, 0, 0), sqs.counts(BACKLOG));
    assertEquals(0, sqs.counts(RESULTS).total());
    assertStops(daemon);
  }

  @Test
  void a_time_that_is_past_and_a_job_that_is_deaf_leave_nothing_invisible() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=2");
    sqs.send(BACKLOG, "deaf 60000", "sleep 60000");
    awaitRuns(2);

    interruptIn(-10);
    awaitDrained(daemon);

    assertEquals(new Counts(2, 0, 0), sqs.counts(BACKLOG));
    assertTrue(daemon.isAlive());
  }

  @Test
  void a_stop_during_the_drain_ends_when_the_drain_does() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1", "expected_job_execution_time_in_secs=20");
    sqs.send(BACKLOG, "sleep 12000");
    awaitRuns(1);
    interruptIn(100);
    daemon.awaitLine("draining", SEEN);

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(1, sqs.counts(RESULTS).total());
    assertEquals(new Counts(0, 0, 0), sqs.counts(BACKLOG));
  }

  @Test
  void no_failure_of_the_metadata_service_ends_it_or_fills_its_log() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=1");
    await().atMost(SOON).until(() -> imds.requests(FakeImds.SPOT_ACTION) >= 1);
    imds.tokensLast(Duration.ofSeconds(1));
    imds.forgetTokens();
    imds.fail("/latest/meta-data/", 9, 500);
    daemon.awaitLine("instance metadata does not answer", SOON);
    daemon.awaitLine("instance metadata answers again", SOON);
    imds.down();
    sqs.send(BACKLOG, "sleep 10");
    awaitResults(1);
    imds.up();
    imds.forgetTokens();
    imds.set(FakeImds.SPOT_ACTION, "<html>not here</html>");
    int asked = imds.requests(FakeImds.SPOT_ACTION);
    await().atMost(SOON).until(() -> imds.requests(FakeImds.SPOT_ACTION) >= asked + 2);

    interruptIn(100);
    daemon.awaitLine("draining", SOON);

    awaitDrained(daemon);
    assertTrue(daemon.count("instance metadata") <= 4, () -> daemon.out().toString());
    assertEquals(List.of(), imds.tokenless());
    assertStops(daemon);
  }

  private FakeGroup scaleIn(int heartbeatSecs) {
    FakeGroup group =
        fleet.group("workers", 0, 5, 2).with(ID).terminationHook("bye", heartbeatSecs);
    group.hook(new FakeGroup.Hook("hello", "autoscaling:EC2_INSTANCE_LAUNCHING", 30));
    imds.targetState("InService");
    return group;
  }

  @Test
  void auto_scaling_waits_for_running_jobs_by_heartbeats_and_goes_on_when_they_are_done()
      throws Exception {
    FakeGroup group = scaleIn(3);
    DaemonProcess daemon = startAndAwait("concurrency=1", "expected_job_execution_time_in_secs=60");
    sqs.send(BACKLOG, "sleep 30000");
    awaitRuns(1);

    group.beginToTerminate(ID);
    imds.targetState("Terminated");
    awaitDrained(daemon);
    daemon.awaitLine("lifecycle hook completed", SOON);

    assertEquals(1, sqs.counts(RESULTS).total());
    assertTrue(fleet.calls("RecordLifecycleActionHeartbeat").size() >= 4, fleet.calls()::toString);
    assertEquals(1, fleet.calls("CompleteLifecycleAction").size());
    assertEquals(
        "CONTINUE", fleet.calls("CompleteLifecycleAction").getFirst().get("LifecycleActionResult"));
    assertEquals("bye", fleet.calls("CompleteLifecycleAction").getFirst().get("LifecycleHookName"));
    assertEquals("Terminating:Proceed", group.lifecycleState(ID));
    assertStops(daemon);
  }

  @Test
  void a_stop_during_the_drain_completes_the_hook_as_well() throws Exception {
    FakeGroup group = scaleIn(60);
    DaemonProcess daemon = startAndAwait("concurrency=1", "expected_job_execution_time_in_secs=60");
    sqs.send(BACKLOG, "sleep 30000");
    awaitRuns(1);
    group.beginToTerminate(ID);
    imds.targetState("Terminated");
    await().atMost(SOON).until(() -> !fleet.calls("RecordLifecycleActionHeartbeat").isEmpty());

    daemon.sigterm();

    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(1, fleet.calls("CompleteLifecycleAction").size());
    assertEquals(1, sqs.counts(RESULTS).total());
  }

  @Test
  void a_right_that_is_missing_is_named_once_and_on_the_page() throws Exception {
    int port = StatusPageClient.freePort();
    FakeGroup group = scaleIn(60);
    fleet.refuse("CompleteLifecycleAction", -1, 403, "AccessDenied");
    DaemonProcess daemon = startAndAwait("concurrency=1", "status_port=" + port);

    group.beginToTerminate(ID);
    imds.targetState("Terminated");
    awaitDrained(daemon);
    daemon.awaitLine(
        "WARN  a right is missing: .* right=autoscaling:CompleteLifecycleAction", SOON);

    assertEquals(1, daemon.count("a right is missing"));
    try (StatusPageClient page = new StatusPageClient(port)) {
      String problems = page.json().at("/problems").toString();
      assertTrue(
          problems.contains("right=autoscaling:CompleteLifecycleAction denied_at="), problems);
    }
    assertStops(daemon);
  }

  @Test
  void without_a_hook_a_scale_in_is_a_drain() throws Exception {
    FakeGroup group = fleet.group("workers", 0, 5, 2).with(ID);
    DaemonProcess daemon = startAndAwait("concurrency=1");

    group.beginToTerminate(ID);
    imds.targetState("Terminated");
    awaitDrained(daemon);

    await().atMost(SOON).until(() -> fleet.calls("DescribeLifecycleHooks").size() == 1);
    assertStops(daemon);
    assertEquals(0, fleet.calls("CompleteLifecycleAction").size());
  }

  @Test
  void a_recommendation_is_ignored_unless_the_settings_say_otherwise() throws Exception {
    imds.rebalance(Instant.now());
    DaemonProcess daemon = startAndAwait("concurrency=1");
    daemon.awaitLine("ignored, as on_rebalance says", SOON);
    sqs.send(BACKLOG, "sleep 10");
    awaitResults(1);
    assertStops(daemon);

    DaemonProcess other = startAndAwait("concurrency=1", "on_rebalance=drain");
    awaitDrained(other);
    assertEquals("shutting-down", fleet.state(ID));
    assertEquals(1, fleet.calls("TerminateInstances").size());
    assertStops(other);
  }

  @Test
  void a_box_that_may_not_end_itself_after_a_recommendation_takes_jobs_again() throws Exception {
    imds.rebalance(Instant.now());
    fleet.refuse("TerminateInstances", -1, 403, "UnauthorizedOperation");
    DaemonProcess daemon = startAndAwait("concurrency=1", "on_rebalance=drain");
    daemon.awaitLine("right=ec2:TerminateInstances", SOON);

    sqs.send(BACKLOG, jobs("sleep 10", 5));

    awaitResults(5);
    systemd.await("^STATUS=taking jobs", SOON);
    assertStops(daemon);
  }

  @Test
  void while_jobs_run_it_is_protected_from_scale_in() throws Exception {
    FakeGroup group = fleet.group("workers", 0, 5, 2).with(ID);
    DaemonProcess daemon = startAndAwait("concurrency=1", "protect_while_busy=true");
    sqs.send(BACKLOG, "sleep 5000");

    await().atMost(SOON).until(() -> group.isProtected(ID));
    awaitResults(1);
    await().atMost(SOON).until(() -> !group.isProtected(ID));

    assertTrue(fleet.calls("SetInstanceProtection").size() <= 3, fleet.calls()::toString);
    assertStops(daemon);
  }
}
