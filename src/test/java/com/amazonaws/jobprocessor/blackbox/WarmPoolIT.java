package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.DaemonProcessBuilder;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import com.amazonaws.jobprocessor.testkit.NotifySocket;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A box that its Auto Scaling group keeps in a warm pool, or that is hibernated, and comes back.
 */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class WarmPoolIT extends BlackBox {
  private static final String ID = "i-0123456789abcdef0";

  private final FakeImds imds = FakeImds.start();
  private final FakeFleet fleet = FakeFleet.start().running(ID);
  private final FakeGroup group =
      fleet.group("workers", 0, 5, 2).with(ID).terminationHook("bye", 60);
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

  private static void assertStops(DaemonProcess daemon) throws InterruptedException {
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));
  }

  @ParameterizedTest
  @ValueSource(strings = {"Warmed:Stopped", "Warmed:Running", "Warmed:Hibernated"})
  void a_box_that_starts_in_a_warm_pool_takes_no_job_until_it_is_in_service(String state)
      throws Exception {
    imds.targetState(state);
    group.lifecycleState(ID, "Warmed:Pending:Wait");
    List<String> ids = sqs.send(BACKLOG, jobs("sleep 10", 5));
    DaemonProcess daemon = start("concurrency=2");
    daemon.awaitLine("takes no jobs yet: in the Auto Scaling group's warm pool", SOON);
    systemd.await("^STATUS=drained, takes no jobs: in the Auto Scaling group's warm pool", SOON);
    int asked = imds.requests(FakeImds.LIFECYCLE_STATE);
    await().atMost(SOON).until(() -> imds.requests(FakeImds.LIFECYCLE_STATE) >= asked + 2);
    assertEquals(0, proxy().requests("ReceiveMessage"));

    imds.targetState("InService");

    daemon.awaitLine("takes jobs again", SOON);
    awaitResults(5);
    assertOneResultEach(ids);
    assertEquals(0, fleet.calls("CompleteLifecycleAction").size());
    systemd.await("^STATUS=taking jobs", SOON);
    assertStops(daemon);
  }

  @Test
  void a_stop_in_the_warm_pool_ends_it_with_0() throws Exception {
    imds.targetState("Warmed:Stopped");
    DaemonProcess daemon = start("concurrency=2");
    daemon.awaitLine("takes no jobs yet", SOON);

    assertStops(daemon);

    assertEquals(0, proxy().requests("ReceiveMessage"));
  }

  @Test
  void a_box_that_goes_back_to_the_pool_in_mid_load_drains_lets_its_hook_go_and_comes_back()
      throws Exception {
    imds.targetState("InService");
    DaemonProcess daemon =
        startAndAwait("concurrency=2", "idle_shutdown_after_secs=3600", "drain_timeout_in_secs=5");
    sqs.send(BACKLOG, "sleep 600000");
    sqs.send(BACKLOG, jobs("sleep 20", 10));
    awaitResults(10);

    group.beginToTerminate(ID);
    imds.targetState("Warmed:Hibernated");
    daemon.awaitLine("drained: takes no jobs until this instance is in service", SOON);
    daemon.awaitLine("lifecycle hook completed", SOON);
    awaitGivenBack(1);
    int receives = proxy().requests("ReceiveMessage");
    assertEquals(1, sqs.drain(BACKLOG).size());
    sqs.send(BACKLOG, jobs("sleep 20", 10));

    group.lifecycleState(ID, "InService");
    imds.targetState("InService");
    awaitResults(20);

    assertTrue(proxy().requests("ReceiveMessage") > receives);
    assertEquals(1, fleet.calls("CompleteLifecycleAction").size());
    assertStops(daemon);
  }

  @Test
  void a_box_that_the_pool_ends_drains_for_good() throws Exception {
    imds.targetState("Warmed:Running");
    DaemonProcess daemon = start("concurrency=2");
    daemon.awaitLine("takes no jobs yet", SOON);

    group.lifecycleState(ID, "Warmed:Terminating:Wait");
    imds.targetState("Warmed:Terminated");
    daemon.awaitLine("drained: takes no jobs until it is stopped", SOON);
    daemon.awaitLine("lifecycle hook completed", SOON);

    assertEquals(0, proxy().requests("ReceiveMessage"));
    assertTrue(daemon.isAlive());
    assertStops(daemon);
  }

  @Test
  void a_spot_instance_that_was_hibernated_goes_on_when_the_notice_is_gone() throws Exception {
    DaemonProcess daemon = startAndAwait("concurrency=2");
    imds.spotAction("hibernate", Instant.now());
    daemon.awaitLine("drained: takes no jobs until it is stopped", SOON);
    daemon.sigstop();
    sqs.send(BACKLOG, jobs("sleep 10", 5));
    imds.remove(FakeImds.SPOT_ACTION);
    imds.forgetTokens();

    daemon.sigcont();

    daemon.awaitLine("the spot interruption is over", SOON);
    awaitResults(5);
    imds.spotAction("terminate", Instant.now().plusSeconds(60));
    daemon.awaitLine("spot interruption \\(terminate\\): draining", SOON);
    await().atMost(SOON).until(() -> daemon.count("drained: takes no jobs") == 2);
    assertStops(daemon);
  }
}
