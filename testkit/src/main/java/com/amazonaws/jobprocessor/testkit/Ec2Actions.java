package com.amazonaws.jobprocessor.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** EC2, as far as a worker and a client ask it. */
final class Ec2Actions implements FleetActions {
  private final FakeInstances instances = new FakeInstances();
  private volatile Consumer<String> onTerminating = _ -> {};

  FakeInstances instances() {
    return instances;
  }

  void onTerminating(Consumer<String> told) {
    onTerminating = told;
  }

  void running(String instanceId) {
    instances.add(instanceId).state("running");
  }

  String state(String instanceId) {
    FakeInstance instance = instances.get(instanceId);
    return instance == null ? "" : instance.state();
  }

  @Override
  public String answer(FleetCall call) throws FleetError {
    return switch (call.action()) {
      case "RunInstances" -> instances.run(call);
      case "DescribeInstances" -> instances.describe(call);
      case "CreateTags" -> instances.tag(call);
      case "GetConsoleOutput" -> instances.console(call);
      case "TerminateInstances" -> terminate(call);
      default -> throw new FleetError(400, "InvalidAction", "no such action: " + call.action());
    };
  }

  private String terminate(FleetCall call) throws FleetError {
    List<FakeInstance> toEnd = new ArrayList<>();
    for (String id : call.list("InstanceId")) {
      toEnd.add(instances.known(id));
    }
    if (call.is("DryRun")) {
      throw new FleetError(
          412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
    toEnd.forEach(instance -> instance.state("shutting-down", "User initiated"));
    toEnd.forEach(instance -> onTerminating.accept(instance.id()));
    return Xml.list(
        "instancesSet",
        "item",
        toEnd,
        instance ->
            Xml.text("instanceId", instance.id())
                + FakeInstance.stateElement("currentState", "shutting-down")
                + FakeInstance.stateElement("previousState", "running"));
  }
}
