package com.amazonaws.jobprocessor.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** An instance of a {@link FakeFleet}. Safe for use by several threads. */
public final class FakeInstance {
  private static final List<String> STATES =
      List.of("pending", "running", "shutting-down", "terminated", "stopping", "stopped");
  private static final List<Integer> CODES = List.of(0, 16, 32, 48, 64, 80);

  private final String id;
  private final Map<String, String> tags = new TreeMap<>();
  private final FleetCall launch;
  private Instant launchedAt = Instant.parse("2026-01-01T00:00:00Z");
  private String state = "running";
  private String reason = "";
  private String console = "";
  private boolean onNitro = true;

  FakeInstance(String id, FleetCall launch) {
    this.id = id;
    this.launch = launch;
    for (int i = 1; !launch.get("TagSpecification.1.Tag." + i + ".Key").isEmpty(); i++) {
      String tag = "TagSpecification.1.Tag." + i;
      tags.put(launch.get(tag + ".Key"), launch.get(tag + ".Value"));
    }
  }

  public String id() {
    return id;
  }

  /** The call that launched it; without parameters if none did. */
  public FleetCall launch() {
    return launch;
  }

  /** The user data that it was launched with, in clear text. */
  public String userData() {
    return new String(Base64.getDecoder().decode(launch.get("UserData")), UTF_8);
  }

  public synchronized Map<String, String> tags() {
    return Map.copyOf(tags);
  }

  /** Gives it a tag. */
  public synchronized FakeInstance tag(String key, String value) {
    tags.put(key, value);
    return this;
  }

  public synchronized String state() {
    return state;
  }

  /** Sets its state, by EC2's name. */
  public synchronized FakeInstance state(String newState) {
    return state(newState, "");
  }

  /** Sets its state and the reason that EC2 gives for it. */
  public synchronized FakeInstance state(String newState, String newReason) {
    if (!STATES.contains(newState)) {
      throw new IllegalArgumentException(newState);
    }
    state = newState;
    reason = newReason;
    return this;
  }

  /** Sets when it was launched. */
  public synchronized FakeInstance launchedAt(Instant time) {
    launchedAt = time;
    return this;
  }

  /** Sets what is on its console. */
  public synchronized FakeInstance console(String text) {
    console = text;
    return this;
  }

  /** Makes it an instance of an old type, whose newest console output cannot be had. */
  public synchronized FakeInstance ofAnOldType() {
    onNitro = false;
    return this;
  }

  synchronized String consoleOutput(boolean latest) throws FleetError {
    if (latest && !onNitro) {
      throw new FleetError(
          400, "UnsupportedOperation", "This instance type does not support retrieving the latest");
    }
    return console.isEmpty()
        ? ""
        : Xml.text("output", Base64.getMimeEncoder().encodeToString(console.getBytes(UTF_8)));
  }

  /** Its values for a filter of DescribeInstances. */
  synchronized List<String> filtered(String name) {
    return switch (name) {
      case "instance-id" -> List.of(id);
      case "instance-state-name" -> List.of(state);
      case "client-token" -> List.of(launch.get("ClientToken"));
      case "tag-key" -> List.copyOf(tags.keySet());
      default -> {
        String value = name.startsWith("tag:") ? tags.get(name.substring("tag:".length())) : null;
        yield value == null ? List.of() : List.of(value);
      }
    };
  }

  synchronized String describe() {
    boolean spot = launch.get("InstanceMarketOptions.MarketType").equals("spot");
    return Xml.text("instanceId", id)
        + stateElement("instanceState", state)
        + Xml.text("imageId", launch.get("ImageId"))
        + Xml.text("instanceType", launch.get("InstanceType"))
        + Xml.text("launchTime", launchedAt)
        + Xml.element("placement", Xml.text("availabilityZone", "us-east-1a"))
        + (spot ? Xml.text("instanceLifecycle", "spot") : "")
        + (reason.isEmpty() ? "" : Xml.element("stateReason", Xml.text("message", reason)))
        + Xml.text("clientToken", launch.get("ClientToken"))
        + Xml.list(
            "tagSet",
            "item",
            List.copyOf(tags.entrySet()),
            tag -> Xml.text("key", tag.getKey()) + Xml.text("value", tag.getValue()));
  }

  static String stateElement(String element, String name) {
    return Xml.element(
        element, Xml.text("code", CODES.get(STATES.indexOf(name))), Xml.text("name", name));
  }
}
