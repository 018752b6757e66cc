package com.amazonaws.jobprocessor.aws.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.FleetJars;
import com.amazonaws.jobprocessor.aws.InstanceMetadata;
import com.amazonaws.jobprocessor.aws.fleet.Policy.Ask;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.fleet.OwnBox;
import com.amazonaws.jobprocessor.testkit.FakeFleet;
import com.amazonaws.jobprocessor.testkit.FakeGroup;
import com.amazonaws.jobprocessor.testkit.FakeImds;
import com.amazonaws.jobprocessor.testkit.FleetCall;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The policies of docs/iam.md against the calls that are made: each call is allowed, each right is
 * needed, and what goes beyond this queue, group and role is denied. What IAM asks for each call is
 * in AWS's Service Authorization Reference, "Actions, resources, and condition keys" for Amazon EC2
 * and for Amazon EC2 Auto Scaling.
 */
@Timeout(60)
class PoliciesIT {
  private static final String ID = "i-0123456789abcdef0";
  private static final String QUEUE = "SQS-EC2-Queue-Todo";
  private static final String EC2 = "arn:aws:ec2:us-east-1:111122223333:";
  private static final String GROUP =
      "arn:aws:autoscaling:us-east-1:111122223333:autoScalingGroup:0a-1b:autoScalingGroupName/";
  private static final String ROLE = "arn:aws:iam::111122223333:role/";
  private static final List<String> ENDPOINTS =
      List.of("aws.endpointUrlEc2", "aws.endpointUrlAutoScaling");

  private final FakeFleet fleet = FakeFleet.start();
  private final FakeImds imds = FakeImds.start();
  private final InstanceMetadata metadata = new InstanceMetadata(imds.endpoint());
  private OwnBox own;
  private Boxes boxes;

  @BeforeEach
  void open() throws Exception {
    fleet.instance(ID).tag(Boxes.TAG, QUEUE);
    ENDPOINTS.forEach(property -> System.setProperty(property, fleet.endpoint().toString()));
    AwsAccess.Keys keys = new AwsAccess.Keys("id", "secret", null);
    own = FleetJars.ownBox("us-east-1", keys, metadata);
    boxes = new Ec2Boxes("us-east-1", keys);
  }

  @AfterEach
  void close() {
    ENDPOINTS.forEach(System::clearProperty);
    boxes.close();
    metadata.close();
    imds.close();
    fleet.close();
  }

  /** What IAM is asked for the calls that were made so far. */
  private List<Ask> asked() {
    List<Ask> all = new ArrayList<>();
    fleet.calls().forEach(call -> all.addAll(asked(call)));
    return all;
  }

  private List<Ask> asked(FleetCall call) {
    String action = call.action();
    return switch (action) {
      case "DescribeInstances" -> List.of(new Ask("ec2:" + action, "*"));
      case "DescribeAutoScalingInstances", "DescribeAutoScalingGroups", "DescribeLifecycleHooks" ->
          List.of(new Ask("autoscaling:" + action, "*"));
      case "TerminateInstances" ->
          call.list("InstanceId").stream().map(this::terminateAsked).toList();
      case "RunInstances" -> runAsked(call);
      case "TerminateInstanceInAutoScalingGroup" ->
          List.of(new Ask("autoscaling:" + action, GROUP + "thumbnails"));
      default ->
          List.of(new Ask("autoscaling:" + action, GROUP + call.get("AutoScalingGroupName")));
    };
  }

  private Ask terminateAsked(String id) {
    Ask ask = new Ask("ec2:TerminateInstances", EC2 + "instance/" + id);
    String tag = fleet.instance(id).tags().getOrDefault(Boxes.TAG, "");
    return ask.with("aws:ResourceTag/" + Boxes.TAG, tag);
  }

  private static List<Ask> runAsked(FleetCall call) {
    List<Ask> all = new ArrayList<>();
    String run = "ec2:RunInstances";
    Ask instance =
        new Ask(run, EC2 + "instance/*")
            .with("ec2:InstanceType", call.get("InstanceType"))
            .with("ec2:MetadataHttpTokens", call.get("MetadataOptions.HttpTokens"));
    for (int i = 1; !call.get("TagSpecification.1.Tag." + i + ".Key").isEmpty(); i++) {
      String tag = "TagSpecification.1.Tag." + i;
      instance =
          instance.with("aws:RequestTag/" + call.get(tag + ".Key"), call.get(tag + ".Value"));
    }
    all.add(instance);
    all.add(new Ask(run, "arn:aws:ec2:us-east-1::image/" + call.get("ImageId")));
    all.add(new Ask(run, EC2 + "volume/*"));
    all.add(new Ask(run, EC2 + "network-interface/*"));
    all.add(new Ask(run, EC2 + "subnet/" + call.get("SubnetId")));
    all.add(new Ask(run, EC2 + "security-group/" + call.get("SecurityGroupId.1")));
    if (!call.get("KeyName").isEmpty()) {
      all.add(new Ask(run, EC2 + "key-pair/" + call.get("KeyName")));
    }
    assertEquals("instance", call.get("TagSpecification.1.ResourceType"));
    all.add(createTags("RunInstances"));
    all.add(passRole("job-processor", "ec2.amazonaws.com"));
    return all;
  }

  private static Ask createTags(String by) {
    return new Ask("ec2:CreateTags", EC2 + "instance/*").with("ec2:CreateAction", by);
  }

  private static Ask passRole(String role, String service) {
    return new Ask("iam:PassRole", ROLE + role).with("iam:PassedToService", service);
  }

  private static void assertAllowed(Policy policy, List<Ask> asks) {
    assertFalse(asks.isEmpty());
    asks.forEach(ask -> assertTrue(policy.allows(ask), ask::toString));
    policy
        .withOneThingLess()
        .forEach((what, less) -> assertFalse(less.allowsAll(asks), "not needed: " + what));
  }

  private static Launch launch(String type) {
    return new Launch(
        "token",
        1,
        new Launch.Machine("ami-1", type, true, "workers", "key"),
        new Launch.Network("subnet-1", List.of("sg-1")),
        QUEUE,
        "concurrency=4");
  }

  @Test
  void the_end_of_the_box_needs_each_right_of_its_policy_and_no_other() throws Exception {
    Policy policy = Policy.inDocs("the end of the box");
    own.end();
    FakeGroup group = fleet.group("thumbnails", 0, 5, 3).with(ID).terminationHook("bye", 60);
    own.membership();
    own.isAtMinimum("thumbnails");
    own.protect("thumbnails", true);
    group.beginToTerminate(ID);
    for (OwnBox.Hook hook : own.hooks("thumbnails")) {
      own.heartbeat(hook);
      own.complete(hook);
    }
    own.endInGroup();

    assertAllowed(policy, asked());

    Ask other = new Ask("ec2:TerminateInstances", EC2 + "instance/i-2");
    assertFalse(policy.allows(other));
    assertFalse(policy.allows(other.with("aws:ResourceTag/" + Boxes.TAG, "other")));
    assertFalse(
        policy.allows(
            new Ask("autoscaling:TerminateInstanceInAutoScalingGroup", GROUP + "thumbnails-2")));
  }

  @Test
  void the_buttons_need_each_right_of_their_policy_and_no_other() throws Exception {
    Policy policy = Policy.inDocs("the buttons");
    boxes.list(QUEUE);
    boxes.launchedWith("token");
    boxes.launch(launch("c7i.large"));
    own.membership();
    fleet.group("thumbnails", 0, 5, 3);
    boxes.capacity("thumbnails");
    boxes.desire("thumbnails", 4);

    assertAllowed(policy, asked());
  }

  @Test
  void in_a_group_the_first_three_statements_are_enough_and_allow_no_instance() throws Exception {
    Policy policy = Policy.inDocs("the buttons").first(3);
    boxes.list(QUEUE);
    own.membership();
    fleet.group("thumbnails", 0, 5, 3);
    boxes.capacity("thumbnails");
    boxes.desire("thumbnails", 4);
    assertAllowed(policy, asked());

    boxes.launch(launch("c7i.large"));

    assertFalse(policy.allowsAll(asked()));
  }

  @Test
  void the_buttons_allow_no_other_type_queue_group_or_role_and_no_tags_afterwards()
      throws Exception {
    Policy policy = Policy.inDocs("the buttons");
    boxes.launch(launch("p5.48xlarge"));
    assertFalse(policy.allowsAll(asked()));

    Ask instance = runAsked(fleet.calls("RunInstances").getFirst()).getFirst();
    Ask right = instance.with("ec2:InstanceType", "c7i.large");
    assertTrue(policy.allows(right));
    Map.of("aws:RequestTag/" + Boxes.TAG, "other", "ec2:MetadataHttpTokens", "optional")
        .forEach((key, value) -> assertFalse(policy.allows(right.with(key, value)), key));
    for (Ask wrong :
        List.of(
            new Ask("ec2:RunInstances", EC2 + "instance/*"),
            createTags("CreateVolume"),
            new Ask("ec2:CreateTags", EC2 + "instance/" + ID),
            passRole("admin", "ec2.amazonaws.com"),
            passRole("job-processor", "lambda.amazonaws.com"),
            new Ask("autoscaling:SetDesiredCapacity", GROUP + "others"),
            new Ask("ec2:RunInstances", "arn:aws:ec2:us-west-2:111122223333:subnet/subnet-1"))) {
      assertFalse(policy.allows(wrong), wrong::toString);
    }
  }
}
