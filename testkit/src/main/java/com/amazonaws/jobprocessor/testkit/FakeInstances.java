package com.amazonaws.jobprocessor.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/** The instances of a {@link FakeFleet}: launched, described, tagged, their consoles read. */
final class FakeInstances {
  private final Map<String, FakeInstance> all = new LinkedHashMap<>();
  private final Map<String, List<FakeInstance>> byToken = new LinkedHashMap<>();
  private Consumer<FakeInstance> onLaunch = _ -> {};
  private int capacity = Integer.MAX_VALUE;
  private int pageSize = 1_000;
  private int launched;

  synchronized void onLaunch(Consumer<FakeInstance> told) {
    onLaunch = told;
  }

  synchronized void capacity(int instances) {
    capacity = instances;
  }

  synchronized void pageSize(int instances) {
    pageSize = instances;
  }

  synchronized FakeInstance get(String id) {
    return all.get(id);
  }

  synchronized List<FakeInstance> all() {
    return List.copyOf(all.values());
  }

  synchronized FakeInstance add(String id) {
    return all.computeIfAbsent(id, _ -> new FakeInstance(id, new FleetCall(0, "", Map.of())));
  }

  synchronized String run(FleetCall call) throws FleetError {
    List<FakeInstance> before = byToken.get(call.get("ClientToken"));
    if (before == null) {
      before = launch(call);
      byToken.put(call.get("ClientToken"), before);
    } else if (!before.getFirst().launch().parameters().equals(call.parameters())) {
      throw new FleetError(
          400,
          "IdempotentParameterMismatch",
          "The request uses the same client token as a previous, but non-identical request.");
    }
    return Xml.text("reservationId", "r-0123456789abcdef0")
        + Xml.list("instancesSet", "item", before, FakeInstance::describe);
  }

  private List<FakeInstance> launch(FleetCall call) throws FleetError {
    int count = Math.min(Integer.parseInt(call.get("MaxCount")), capacity);
    if (count < Integer.parseInt(call.get("MinCount"))) {
      throw new FleetError(
          500,
          "InsufficientInstanceCapacity",
          "We currently do not have sufficient capacity in the Availability Zone you requested.");
    }
    List<FakeInstance> instances = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      FakeInstance instance = new FakeInstance("i-%017x".formatted(++launched), call);
      instance.state("pending");
      all.put(instance.id(), instance);
      instances.add(instance);
      onLaunch.accept(instance);
    }
    return instances;
  }

  synchronized String describe(FleetCall call) {
    List<FakeInstance> found = all.values().stream().filter(one -> matches(one, call)).toList();
    int from = call.get("NextToken").isEmpty() ? 0 : Integer.parseInt(call.get("NextToken"));
    int to = Math.min(found.size(), from + pageSize);
    String page =
        Xml.list(
            "reservationSet",
            "item",
            found.subList(from, to),
            instance ->
                Xml.text("reservationId", "r-0123456789abcdef0")
                    + Xml.list("instancesSet", "item", List.of(instance), FakeInstance::describe));
    return page + (to < found.size() ? Xml.text("nextToken", to) : "");
  }

  private static boolean matches(FakeInstance instance, FleetCall call) {
    for (int i = 1; !call.get("Filter." + i + ".Name").isEmpty(); i++) {
      List<Pattern> wanted =
          call.list("Filter." + i + ".Value").stream().map(FakeInstances::pattern).toList();
      boolean matches =
          instance.filtered(call.get("Filter." + i + ".Name")).stream()
              .anyMatch(value -> wanted.stream().anyMatch(one -> one.matcher(value).matches()));
      if (!matches) {
        return false;
      }
    }
    return true;
  }

  /** With {@code *} and {@code ?} as EC2 has them, unless after a backslash. */
  private static Pattern pattern(String value) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' && i + 1 < value.length()) {
        regex.append(Pattern.quote(String.valueOf(value.charAt(++i))));
      } else {
        regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
      }
    }
    return Pattern.compile(regex.toString());
  }

  synchronized String tag(FleetCall call) throws FleetError {
    for (String id : call.list("ResourceId")) {
      FakeInstance instance = known(id);
      for (int i = 1; !call.get("Tag." + i + ".Key").isEmpty(); i++) {
        instance.tag(call.get("Tag." + i + ".Key"), call.get("Tag." + i + ".Value"));
      }
    }
    return Xml.text("return", true);
  }

  synchronized String console(FleetCall call) throws FleetError {
    String id = call.get("InstanceId");
    return Xml.text("instanceId", id) + known(id).consoleOutput(call.is("Latest"));
  }

  synchronized FakeInstance known(String id) throws FleetError {
    FakeInstance instance = all.get(id);
    if (instance == null) {
      throw new FleetError(
          400, "InvalidInstanceID.NotFound", "The instance ID '" + id + "' does not exist");
    }
    return instance;
  }
}
