package com.amazonaws.jobprocessor.aws.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.aws.InstanceMetadata;
import com.amazonaws.jobprocessor.fleet.OwnBox;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AwsOwnBoxIT {
  private static final String ID = "i-0123456789abcdef0";
  private static final List<String> ENDPOINTS =
      List.of("aws.endpointUrlEc2", "aws.endpointUrlAutoScaling");

  private final FakeFleet fleet = FakeFleet.start().running(ID);
  private final FakeImds imds = FakeImds.start();
  private final InstanceMetadata metadata = new InstanceMetadata(imds.endpoint());
  private final FakeGroup group = fleet.group("workers", 1, 5, 2).terminationHook("bye", 60);
  private OwnBox box;

  @BeforeEach
  void open() throws Exception {
    ENDPOINTS.forEach(property -> System.setProperty(property, fleet.endpoint().toString()));
    box = FleetJars.ownBox("us-east-1", new AwsAccess.Keys("id", "secret", null), metadata);
  }

  @AfterEach
  void close() {
    ENDPOINTS.forEach(System::clearProperty);
    metadata.close();
    imds.close();
    fleet.close();
  }

  @Test
  void outside_of_a_group_it_is_ended_by_ec2() throws Exception {
    assertNull(box.membership());
    assertEquals(OwnBox.GroupAnswer.NO_MEMBER, box.endInGroup());

    box.end();

    assertEquals("shutting-down", fleet.state(ID));
  }

  @Test
  void in_a_group_it_is_ended_with_one_less_desired_until_the_minimum() throws Exception {
    group.with(ID);
    assertEquals(new OwnBox.Membership("workers", "InService"), box.membership());
    assertFalse(box.isAtMinimum("workers"));

    assertEquals(OwnBox.GroupAnswer.ENDS, box.endInGroup());
    assertEquals(1, group.desired());

    assertTrue(box.isAtMinimum("workers"));
    assertEquals(OwnBox.GroupAnswer.AT_MINIMUM, box.endInGroup());
    assertEquals(1, group.desired());
  }

  @Test
  void a_hook_waits_for_heartbeats_and_is_completed_once() throws Exception {
    group.with(ID).hook(new FakeGroup.Hook("hello", "autoscaling:EC2_INSTANCE_LAUNCHING", 30));
    List<OwnBox.Hook> hooks = box.hooks("workers");
    assertEquals(
        List.of(
            new OwnBox.Hook("workers", "bye", Duration.ofSeconds(60), Duration.ofSeconds(6_000))),
        hooks);
    assertFalse(box.heartbeat(hooks.getFirst()), "it does not wait yet");

    group.beginToTerminate(ID);
    assertTrue(box.heartbeat(hooks.getFirst()));
    assertTrue(box.complete(hooks.getFirst()));
    assertFalse(box.complete(hooks.getFirst()));

    assertEquals("Terminating:Proceed", group.lifecycleState(ID));
  }

  @Test
  void it_is_protected_and_released() throws Exception {
    group.with(ID);
    box.protect("workers", true);
    assertTrue(group.isProtected(ID));
    box.protect("workers", false);
    assertFalse(group.isProtected(ID));
  }

  @Test
  void what_is_refused_says_who_refused_what() {
    group.with(ID);
    fleet.refuse("TerminateInstances", -1, 403, "UnauthorizedOperation");
    fleet.refuse("DescribeAutoScalingInstances", 1, 403, "AccessDenied");
    fleet.refuse("SetInstanceProtection", 1, 400, "Throttling");

    CallFailed ec2 = assertThrows(CallFailed.class, box::end);
    CallFailed denied = assertThrows(CallFailed.class, box::membership);
    CallFailed throttled = assertThrows(CallFailed.class, () -> box.protect("workers", true));

    assertEquals("UnauthorizedOperation", ec2.code());
    assertEquals(Service.EC2, ec2.service());
    assertEquals("AccessDenied", denied.code());
    assertEquals(Service.AUTO_SCALING, denied.service());
    assertEquals("Throttling", throttled.code());
    assertEquals(1, fleet.calls("SetInstanceProtection").size(), "no call is repeated inside");
  }

  @Test
  void without_an_instance_id_no_call_is_made() {
    imds.down();

    assertEquals("NoInstanceId", assertThrows(CallFailed.class, box::end).code());
    assertEquals(List.of(), fleet.calls());
  }
}
