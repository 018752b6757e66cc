package com.amazonaws.jobprocessor.testkit;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** EC2, as far as a worker asks it. */
final class Ec2Actions implements FleetActions {
  private final Map<String, String> states = new ConcurrentHashMap<>();
  private volatile Consumer<String> onTerminating = _ -> {};

  void onTerminating(Consumer<String> told) {
    onTerminating = told;
  }

  void running(String instanceId) {
    states.put(instanceId, "running");
  }

  String state(String instanceId) {
    return states.getOrDefault(instanceId, "");
  }

  @Override
  public String answer(FleetCall call) throws FleetError {
    return switch (call.action()) {
      case "TerminateInstances" -> terminate(call);
      default -> throw new FleetError(400, "InvalidAction", "no such action: " + call.action());
    };
  }

  private String terminate(FleetCall call) throws FleetError {
    List<String> instances = call.list("InstanceId");
    for (String instance : instances) {
      if (!states.containsKey(instance)) {
        throw new FleetError(
            400, "InvalidInstanceID.NotFound", "The instance ID '" + instance + "' does not exist");
      }
    }
    if (call.is("DryRun")) {
      throw new FleetError(
          412, "DryRunOperation", "Request would have succeeded, but DryRun flag is set.");
    }
    instances.forEach(instance -> states.put(instance, "shutting-down"));
    instances.forEach(onTerminating);
    return Xml.list(
        "instancesSet",
        "item",
        instances,
        instance ->
            Xml.text("instanceId", instance)
                + state("currentState", 32, "shutting-down")
                + state("previousState", 16, "running"));
  }

  private static String state(String name, int code, String state) {
    return Xml.element(name, Xml.text("code", code), Xml.text("name", state));
  }
}
