package com.amazonaws.jobprocessor.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** Auto Scaling, as far as a worker asks it. */
final class AutoScalingActions implements FleetActions {
  private static final String TERMINATING = "_TERMINATING";

  private final Map<String, FakeGroup> groups = new ConcurrentHashMap<>();
  private volatile Consumer<String> onTerminating = _ -> {};

  FakeGroup group(String name, int min, int max, int desired) {
    return groups.computeIfAbsent(name, _ -> new FakeGroup(name, min, max, desired));
  }

  void onTerminating(Consumer<String> told) {
    onTerminating = told;
  }

  @Override
  public String answer(FleetCall call) throws FleetError {
    String children =
        switch (call.action()) {
          case "DescribeAutoScalingInstances" -> describeInstances(call);
          case "DescribeAutoScalingGroups" -> describeGroups(call);
          case "DescribeLifecycleHooks" -> describeHooks(call);
          case "RecordLifecycleActionHeartbeat" -> heartbeat(call);
          case "CompleteLifecycleAction" -> complete(call);
          case "TerminateInstanceInAutoScalingGroup" -> terminate(call);
          case "SetInstanceProtection" -> protect(call);
          case "SetDesiredCapacity" -> desire(call);
          default -> throw new FleetError(400, "InvalidAction", "no such action: " + call.action());
        };
    return Xml.element(call.action() + "Result", children);
  }

  private String describeInstances(FleetCall call) {
    List<String> members = new ArrayList<>();
    for (FakeGroup group : groups.values()) {
      for (FakeGroup.Member member : group.members()) {
        if (call.list("InstanceIds.member").contains(member.id())) {
          members.add(Xml.text("AutoScalingGroupName", group.name()) + describe(group, member));
        }
      }
    }
    return Xml.list("AutoScalingInstances", "member", members, text -> text);
  }

  private static String describe(FakeGroup group, FakeGroup.Member member) {
    return Xml.text("InstanceId", member.id())
        + Xml.text("AvailabilityZone", "us-east-1a")
        + Xml.text("LifecycleState", group.lifecycleState(member.id()))
        + Xml.text("HealthStatus", "Healthy")
        + Xml.text("ProtectedFromScaleIn", group.isProtected(member.id()));
  }

  private String describeGroups(FleetCall call) {
    List<String> names = call.list("AutoScalingGroupNames.member");
    List<FakeGroup> found =
        groups.values().stream()
            .filter(group -> names.isEmpty() || names.contains(group.name()))
            .toList();
    return Xml.list("AutoScalingGroups", "member", found, AutoScalingActions::describe);
  }

  private static String describe(FakeGroup group) {
    return Xml.text("AutoScalingGroupName", group.name())
        + Xml.text("MinSize", group.min())
        + Xml.text("MaxSize", group.max())
        + Xml.text("DesiredCapacity", group.desired())
        + Xml.text("DefaultCooldown", 300)
        + Xml.text("HealthCheckType", "EC2")
        + Xml.text("CreatedTime", "2026-01-01T00:00:00Z")
        + Xml.list("AvailabilityZones", "member", List.of("us-east-1a"), zone -> zone)
        + Xml.list("Instances", "member", group.members(), member -> describe(group, member));
  }

  private String describeHooks(FleetCall call) throws FleetError {
    FakeGroup group = named(call);
    return Xml.list(
        "LifecycleHooks",
        "member",
        group.hooks(),
        hook ->
            Xml.text("LifecycleHookName", hook.name())
                + Xml.text("AutoScalingGroupName", group.name())
                + Xml.text("LifecycleTransition", hook.transition())
                + Xml.text("HeartbeatTimeout", hook.heartbeatSecs())
                + Xml.text("GlobalTimeout", Math.min(172_800, 100 * hook.heartbeatSecs()))
                + Xml.text("DefaultResult", "CONTINUE"));
  }

  private String heartbeat(FleetCall call) throws FleetError {
    activeHook(call);
    return "";
  }

  private String complete(FleetCall call) throws FleetError {
    activeHook(call);
    String instance = call.get("InstanceId");
    FakeGroup group = named(call);
    group.lifecycleState(
        instance, group.lifecycleState(instance).replace(":Wait", ":Proceed")); // warm pool's, too
    return "";
  }

  /** With the words that Auto Scaling has for it: buildkite and convox met them. */
  private void activeHook(FleetCall call) throws FleetError {
    FakeGroup group = named(call);
    String instance = call.get("InstanceId");
    boolean known =
        group.hooks().stream()
            .anyMatch(
                hook ->
                    hook.name().equals(call.get("LifecycleHookName"))
                        && hook.transition().endsWith(TERMINATING));
    if (!known || !group.lifecycleState(instance).endsWith("Terminating:Wait")) {
      throw FleetError.validation("No active Lifecycle Action found with instance ID " + instance);
    }
  }

  private String terminate(FleetCall call) throws FleetError {
    String instance = call.get("InstanceId");
    FakeGroup group =
        groups.values().stream()
            .filter(candidate -> candidate.has(instance))
            .findFirst()
            .orElseThrow(
                () ->
                    FleetError.validation(
                        "Instance Id not found - No managed instance found for instance ID "
                            + instance));
    synchronized (group) {
      if (call.is("ShouldDecrementDesiredCapacity")) {
        if (group.desired() <= group.min()) {
          throw FleetError.validation(
              "Currently, desiredSize equals minSize (%s). Terminating instance without"
                      .formatted(group.min())
                  + " replacement will violate group's min size constraint. Either set"
                  + " shouldDecrementDesiredCapacity flag to false or lower group's min size.");
        }
        group.desired(group.desired() - 1);
      }
      group.beginToTerminate(instance);
    }
    onTerminating.accept(instance);
    return Xml.element(
        "Activity",
        Xml.text("ActivityId", "00000000-0000-4000-8000-000000000001"),
        Xml.text("AutoScalingGroupName", group.name()),
        Xml.text("Cause", "asked for"),
        Xml.text("StartTime", "2026-01-01T00:00:00Z"),
        Xml.text("StatusCode", "InProgress"));
  }

  private String protect(FleetCall call) throws FleetError {
    FakeGroup group = named(call);
    for (String instance : call.list("InstanceIds.member")) {
      if (!group.lifecycleState(instance).equals("InService")) {
        throw FleetError.validation(
            "The instance " + instance + " is not in InService or EnteringStandby or Standby.");
      }
      group.protect(instance, call.is("ProtectedFromScaleIn"));
    }
    return "";
  }

  /** No instance is launched or ended. */
  private String desire(FleetCall call) throws FleetError {
    FakeGroup group = named(call);
    int wanted = Integer.parseInt(call.get("DesiredCapacity"));
    synchronized (group) {
      if (wanted > group.max()) {
        throw FleetError.validation(
            "New SetDesiredCapacity value %s is above max value %s for the AutoScalingGroup."
                .formatted(wanted, group.max()));
      }
      if (wanted < group.min()) {
        throw FleetError.validation(
            "New SetDesiredCapacity value %s is below min value %s for the AutoScalingGroup."
                .formatted(wanted, group.min()));
      }
      group.desired(wanted);
    }
    return "";
  }

  private FakeGroup named(FleetCall call) throws FleetError {
    FakeGroup group = groups.get(call.get("AutoScalingGroupName"));
    if (group == null) {
      throw FleetError.validation("AutoScalingGroup name not found - AutoScalingGroup not found");
    }
    return group;
  }
}
