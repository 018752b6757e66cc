package com.amazonaws.jobprocessor.aws.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InvalidEnvironment;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeInstance;
import com.amazonaws.jobprocessor.testkit.FleetCall;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against the fake EC2 and Auto Scaling of the test kit. */
class Ec2BoxesIT {
  private static final Launch.Machine MACHINE =
      new Launch.Machine("ami-1", "c7i.large", false, "workers", null);

  private final FakeFleet fleet = FakeFleet.start();
  private Boxes boxes;

  @BeforeEach
  void connect() throws InvalidEnvironment {
    Map.of(
            "aws.endpointUrlEc2", fleet.endpoint().toString(),
            "aws.endpointUrlAutoScaling", fleet.endpoint().toString())
        .forEach(System::setProperty);
    boxes = new Ec2Boxes("us-east-1", new AwsAccess.Keys("test", "test", null));
  }

  @AfterEach
  void close() {
    boxes.close();
    fleet.close();
    List.of("aws.endpointUrlEc2", "aws.endpointUrlAutoScaling").forEach(System::clearProperty);
  }

  private static Launch launch(String token, int count) {
    return new Launch(
        token, count, MACHINE, new Launch.Network(null, List.of()), "todo", "concurrency=4");
  }

  private FakeInstance box(String id, String backlog, String state) {
    return fleet.instance(id).tag(Boxes.TAG, backlog).state(state);
  }

  private static List<String> ids(List<Box> boxes) {
    return boxes.stream().map(Box::id).toList();
  }

  @Test
  void boxes_are_launched_locked_up_tagged_and_with_their_user_data() throws Exception {
    Launch.Network network = new Launch.Network("subnet-1", List.of("sg-1", "sg-2"));
    Launch.Machine machine =
        new Launch.Machine("ami-1", "c7g.large", true, "arn:aws:iam::1:instance-profile/w", "key");

    List<Box> launched =
        boxes.launch(new Launch("token", 2, machine, network, "to,do", "a=ü\nb=2"));

    assertEquals(2, launched.size());
    assertTrue(launched.stream().allMatch(box -> box.machine().spot() && box.isUp()));
    FakeInstance instance = fleet.instances().getFirst();
    assertEquals("a=ü\nb=2", instance.userData());
    assertEquals(Map.of(Boxes.TAG, "to,do", "Name", "to,do"), instance.tags());
    FleetCall call = instance.launch();
    Map.of(
            "MetadataOptions.HttpTokens", "required",
            "MetadataOptions.HttpPutResponseHopLimit", "1",
            "MetadataOptions.InstanceMetadataTags", "enabled",
            "InstanceInitiatedShutdownBehavior", "terminate",
            "IamInstanceProfile.Arn", "arn:aws:iam::1:instance-profile/w",
            "SubnetId", "subnet-1",
            "SecurityGroupId.2", "sg-2",
            "KeyName", "key",
            "MinCount", "1",
            "MaxCount", "2")
        .forEach((name, value) -> assertEquals(value, call.get(name), name));
  }

  @Test
  void what_is_not_given_is_left_to_ec2() throws Exception {
    boxes.launch(launch("token", 1));

    FleetCall call = fleet.calls("RunInstances").getFirst();
    assertEquals("workers", call.get("IamInstanceProfile.Name"));
    for (String name :
        List.of("SubnetId", "SecurityGroupId.1", "KeyName", "InstanceMarketOptions.MarketType")) {
      assertEquals("", call.get(name), name);
    }
  }

  @Test
  void a_token_launches_once() throws Exception {
    List<Box> first = boxes.launch(launch("token", 2));
    List<Box> second = boxes.launch(launch("token", 2));

    assertEquals(ids(first), ids(second));
    assertEquals(2, fleet.instances().size());
    assertEquals(ids(first), ids(boxes.launchedWith("token")));
    assertEquals(List.of(), boxes.launchedWith("other"));
    assertEquals(ids(first), ids(boxes.launchedWith(List.of("other", "token"))));
    assertEquals(List.of(), boxes.launchedWith(List.of()));
    CallFailed mismatch = assertThrows(CallFailed.class, () -> boxes.launch(launch("token", 3)));
    assertEquals("IdempotentParameterMismatch", mismatch.code());
  }

  @Test
  void fewer_are_launched_if_ec2_has_no_more_and_none_is_a_failure() throws Exception {
    fleet.capacity(2);
    assertEquals(2, boxes.launch(launch("one", 5)).size());
    fleet.capacity(0);
    CallFailed none = assertThrows(CallFailed.class, () -> boxes.launch(launch("two", 5)));
    assertEquals("InsufficientInstanceCapacity", none.code());
    assertEquals(Service.EC2, none.service());
  }

  @Test
  void the_boxes_of_a_queue_are_read_page_by_page_oldest_first() throws Exception {
    fleet.pageSize(3);
    for (int i = 0; i < 10; i++) {
      box("i-" + i, "todo", "running").launchedAt(Instant.ofEpochSecond(100 - i));
    }
    box("i-other", "other", "running");
    box("i-ended", "todo", "terminated");
    box("i-ending", "todo", "shutting-down").launchedAt(Instant.ofEpochSecond(200));
    fleet.instance("i-stranger");

    List<Box> found = boxes.list("todo");

    assertEquals(
        List.of("i-9", "i-8", "i-7", "i-6", "i-5", "i-4", "i-3", "i-2", "i-1", "i-0", "i-ending"),
        ids(found));
    assertEquals(4, fleet.calls("DescribeInstances").size());
    assertTrue(found.getLast().isEnding() && !found.getLast().isUp());
    assertEquals(12, boxes.list(null).size());
  }

  @Test
  void a_name_is_no_pattern() throws Exception {
    box("i-1", "todo-1", "running");
    box("i-2", "todo*", "running");

    assertEquals(List.of("i-2"), ids(boxes.list("todo*")));
    assertEquals(List.of(), ids(boxes.list("tod?-1")));
  }

  @Test
  void boxes_are_found_by_id_and_others_are_left_out() throws Exception {
    box("i-1", "todo", "terminated").state("terminated", "Server.SpotInstanceTermination");
    box("i-2", "todo", "running").tag("aws:autoscaling:groupName", "group");
    fleet.instance("i-stranger");

    List<Box> found = boxes.find(List.of("i-1", "i-2", "i-stranger", "i-unknown"));

    assertEquals(List.of("i-1", "i-2"), ids(found));
    assertEquals("Server.SpotInstanceTermination", found.getFirst().condition().reason());
    assertEquals("", found.getFirst().group());
    assertEquals("group", found.getLast().group());
    assertEquals("us-east-1a", found.getLast().machine().zone());
  }

  @Test
  void more_ids_than_a_filter_takes_are_asked_for_in_parts() throws Exception {
    for (int i = 0; i < 450; i++) {
      box("i-" + i, "todo", "running");
    }

    assertEquals(450, boxes.find(ids(boxes.list("todo"))).size());
    assertTrue(
        fleet.calls("DescribeInstances").stream()
            .allMatch(call -> call.get("Filter.2.Value.201").isEmpty()));
  }

  @Test
  void boxes_are_ended() throws Exception {
    box("i-1", "todo", "running");
    box("i-2", "todo", "running");
    fleet.group("group", 0, 5, 1).with("i-3");

    boxes.terminate(List.of("i-1"));
    boxes.terminateInGroup("i-3");

    assertEquals("shutting-down", fleet.state("i-1"));
    assertEquals("running", fleet.state("i-2"));
    assertEquals(0, fleet.group("group", 0, 5, 1).desired());
    CallFailed unknown =
        assertThrows(CallFailed.class, () -> boxes.terminate(List.of("i-unknown")));
    assertEquals("InvalidInstanceID.NotFound", unknown.code());
  }

  @Test
  void a_groups_sizes_are_read_and_its_desired_capacity_is_set() throws Exception {
    fleet.group("workers", 1, 5, 3);
    assertEquals(new Boxes.Capacity(1, 5, 3), boxes.capacity("workers"));
    boxes.desire("workers", 4);

    assertEquals(new Boxes.Capacity(1, 5, 4), boxes.capacity("workers"));
    FleetCall call = fleet.calls("SetDesiredCapacity").getFirst();
    assertEquals("false", call.get("HonorCooldown"));
    CallFailed above = assertThrows(CallFailed.class, () -> boxes.desire("workers", 6));
    assertEquals("ValidationError", above.code());
    assertEquals(
        "NoSuchGroup", assertThrows(CallFailed.class, () -> boxes.capacity("others")).code());
  }

  @Test
  void the_console_is_read_of_new_and_old_types() throws Exception {
    assertEquals("", boxes.console(box("i-1", "todo", "running").id()));
    fleet.instance("i-1").console("Grüße\n".repeat(50));
    assertEquals("Grüße\n".repeat(50), boxes.console("i-1"));
    fleet.instance("i-1").ofAnOldType();
    assertEquals("Grüße\n".repeat(50), boxes.console("i-1"));
  }

  @Test
  void a_refusal_is_in_ec2s_words_and_shows_no_user_data() {
    fleet.refuse("RunInstances", 1, 403, "UnauthorizedOperation");

    CallFailed refused = assertThrows(CallFailed.class, () -> boxes.launch(launch("t", 1)));

    assertEquals("UnauthorizedOperation", refused.code());
    assertEquals(CallFailed.Kind.REJECTED, refused.kind());
    assertTrue(SqsCalls.isThrottle("RequestLimitExceeded"));
    assertFalse(launch("t", 1).toString().contains("concurrency"));
  }
}
