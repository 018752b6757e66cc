package com.amazonaws.jobprocessor.blackbox;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.testkit.DaemonProcess;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/** A worker on an EC2 instance tags it with its queue. */
@Tag("long")
@Execution(ExecutionMode.CONCURRENT)
class SelfTagIT extends BlackBox {
  private static final String ID = "i-0123456789abcdef0";
  private static final String TAG = "job-processor:backlog";

  private final FakeImds imds = FakeImds.start();
  private final FakeFleet fleet = FakeFleet.start().running(ID);

  @AfterEach
  void close() {
    imds.close();
    fleet.close();
  }

  private DaemonProcess startOnEc2() throws InterruptedException {
    imds.userData(EXECUTOR + "\nconcurrency=1\nstatus_port=0");
    DaemonProcess daemon = start(fleet.serve(daemon().imds(imds.endpoint())));
    daemon.awaitLine("taking jobs", SOON);
    return daemon;
  }

  private void assertWorks(DaemonProcess daemon) throws InterruptedException {
    sqs.send(BACKLOG, "quick");
    awaitResults(1);
    daemon.sigterm();
    assertEquals(0, daemon.awaitExit(SOON));
    assertEquals(0, daemon.count("WARN"), daemon::toString);
  }

  @Test
  void at_its_start_by_one_call_that_is_made_again_if_it_is_throttled() throws Exception {
    fleet.refuse("CreateTags", 2, 503, "RequestLimitExceeded");
    DaemonProcess daemon = startOnEc2();

    await().atMost(SOON).until(() -> BACKLOG.equals(fleet.instance(ID).tags().get(TAG)));

    assertEquals(3, fleet.calls("CreateTags").size());
    assertWorks(daemon);
  }

  @Test
  void where_it_may_not_it_says_so_once_and_works() throws Exception {
    fleet.refuse("CreateTags", -1, 403, "UnauthorizedOperation");
    DaemonProcess daemon = startOnEc2();

    daemon.awaitLine("a right is missing: this box is not counted.* right=ec2:CreateTags", SOON);

    assertEquals(1, fleet.calls("CreateTags").size());
    assertWorks(daemon);
  }

  @Test
  void a_tag_that_metadata_has_is_not_set_again() throws Exception {
    String path = "/latest/meta-data/tags/instance/" + TAG;
    imds.set(path, BACKLOG);
    DaemonProcess daemon = startOnEc2();

    await().atMost(SOON).until(() -> imds.requests(path) == 1);

    assertWorks(daemon);
    assertEquals(0, fleet.calls("CreateTags").size());
  }
}
