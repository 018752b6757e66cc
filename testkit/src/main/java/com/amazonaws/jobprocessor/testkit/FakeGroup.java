package com.amazonaws.jobprocessor.testkit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An Auto Scaling group of a {@link FakeFleet}. Safe for use by several threads. */
public final class FakeGroup {

  /**
   * A lifecycle hook.
   *
   * @param transition such as {@code autoscaling:EC2_INSTANCE_TERMINATING}
   * @param heartbeatSecs its heartbeat timeout
   */
  public record Hook(String name, String transition, int heartbeatSecs) {}

  /** An instance of the group. */
  public static final class Member {
    private final String id;
    private String lifecycleState = "InService";
    private boolean protectedFromScaleIn;

    private Member(String id) {
      this.id = id;
    }

    public String id() {
      return id;
    }

    String lifecycleState() {
      return lifecycleState;
    }

    boolean isProtected() {
      return protectedFromScaleIn;
    }
  }

  private final String name;
  private final Map<String, Member> members = new LinkedHashMap<>();
  private final List<Hook> hooks = new ArrayList<>();
  private int min;
  private int max;
  private int desired;

  FakeGroup(String name, int min, int max, int desired) {
    this.name = name;
    size(min, max, desired);
  }

  public String name() {
    return name;
  }

  /** Sets the sizes; no instance is launched or ended. */
  public synchronized FakeGroup size(int newMin, int newMax, int newDesired) {
    min = newMin;
    max = newMax;
    desired = newDesired;
    return this;
  }

  /** Puts an instance into the group, in service. */
  public synchronized FakeGroup with(String instanceId) {
    members.put(instanceId, new Member(instanceId));
    return this;
  }

  /** Takes an instance out of the group. */
  public synchronized FakeGroup without(String instanceId) {
    members.remove(instanceId);
    return this;
  }

  /** Adds a hook to the instances' end. */
  public FakeGroup terminationHook(String hookName, int heartbeatSecs) {
    return hook(new Hook(hookName, "autoscaling:EC2_INSTANCE_TERMINATING", heartbeatSecs));
  }

  /** Adds a hook. */
  public synchronized FakeGroup hook(Hook hook) {
    hooks.add(hook);
    return this;
  }

  public synchronized int min() {
    return min;
  }

  public synchronized int max() {
    return max;
  }

  public synchronized int desired() {
    return desired;
  }

  /** Sets the desired capacity. */
  public synchronized void desired(int number) {
    desired = number;
  }

  public synchronized List<Hook> hooks() {
    return List.copyOf(hooks);
  }

  public synchronized List<Member> members() {
    return List.copyOf(members.values());
  }

  /** An instance's lifecycle state: {@code InService}, {@code Terminating:Wait}, ... */
  public synchronized String lifecycleState(String instanceId) {
    Member member = members.get(instanceId);
    return member == null ? "" : member.lifecycleState;
  }

  /** Sets an instance's lifecycle state. */
  public synchronized FakeGroup lifecycleState(String instanceId, String state) {
    member(instanceId).lifecycleState = state;
    return this;
  }

  /** True if an instance is protected from scale-in. */
  public synchronized boolean isProtected(String instanceId) {
    return member(instanceId).protectedFromScaleIn;
  }

  synchronized void protect(String instanceId, boolean on) {
    member(instanceId).protectedFromScaleIn = on;
  }

  /**
   * As at a scale-in: the instance waits for its hook, or ends at once if there is none.
   *
   * @return true if it waits for a hook
   */
  public synchronized boolean beginToTerminate(String instanceId) {
    boolean waits = hooks.stream().anyMatch(hook -> hook.transition().endsWith("_TERMINATING"));
    member(instanceId).lifecycleState = waits ? "Terminating:Wait" : "Terminating";
    return waits;
  }

  synchronized boolean has(String instanceId) {
    return members.containsKey(instanceId);
  }

  private Member member(String instanceId) {
    Member member = members.get(instanceId);
    if (member == null) {
      throw new IllegalArgumentException(instanceId + " is not in " + name);
    }
    return member;
  }
}
