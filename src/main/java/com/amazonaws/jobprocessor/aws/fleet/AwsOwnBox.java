package com.amazonaws.jobprocessor.aws.fleet;

import com.amazonaws.jobprocessor.aws.AwsAccess;
import com.amazonaws.jobprocessor.aws.InstanceMetadata;
import com.amazonaws.jobprocessor.aws.SqsCalls;
import com.amazonaws.jobprocessor.fleet.OwnBox;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingGroup;
import software.amazon.awssdk.services.autoscaling.model.AutoScalingInstanceDetails;
import software.amazon.awssdk.services.autoscaling.model.LifecycleHook;

/** This instance by the APIs of EC2 and Auto Scaling; its id is asked for when first needed. */
public final class AwsOwnBox implements OwnBox {
  private static final String INSTANCE_ID = "/latest/meta-data/instance-id";
  private static final String TERMINATING = "autoscaling:EC2_INSTANCE_TERMINATING";

  /** What Auto Scaling answers to whatever cannot be done: only its words tell what. */
  private static final String CANNOT = "ValidationError";

  /** Until a hook's own time is known: 48 hours, its user guide says, or 100 times its timeout. */
  private static final int MAX_HEARTBEATS = 100;

  private static final Duration MAX_WAIT = Duration.ofDays(2);

  private final FleetClients clients;
  private final InstanceMetadata metadata;
  private final SqsCalls ec2 = new SqsCalls(Service.EC2);
  private final SqsCalls autoScaling = new SqsCalls(Service.AUTO_SCALING);
  private volatile @Nullable String instanceId;

  /**
   * Makes no call and no client yet.
   *
   * @param keys null for the SDK's default chain
   */
  public AwsOwnBox(String region, AwsAccess.@Nullable Keys keys, InstanceMetadata metadata) {
    this.clients = new FleetClients(region, keys);
    this.metadata = metadata;
  }

  private String id() throws CallFailed {
    String known = instanceId;
    if (known == null) {
      try {
        known = metadata.read(INSTANCE_ID).orElseThrow(() -> new IOException("no instance id"));
      } catch (IOException e) {
        throw new CallFailed(
            Service.EC2,
            "NoInstanceId",
            "instance metadata does not tell the instance's id: " + e.getMessage(),
            CallFailed.Kind.REJECTED,
            false,
            e);
      }
      instanceId = known;
    }
    return known;
  }

  @Override
  public @Nullable Membership membership() throws CallFailed, InterruptedException {
    String id = id();
    List<AutoScalingInstanceDetails> found =
        autoScaling
            .call(() -> clients.autoScaling().describeAutoScalingInstances(r -> r.instanceIds(id)))
            .autoScalingInstances();
    return found.isEmpty()
        ? null
        : new Membership(
            found.getFirst().autoScalingGroupName(), found.getFirst().lifecycleState());
  }

  @Override
  public boolean isAtMinimum(String group) throws CallFailed, InterruptedException {
    List<AutoScalingGroup> found =
        autoScaling
            .call(
                () ->
                    clients
                        .autoScaling()
                        .describeAutoScalingGroups(r -> r.autoScalingGroupNames(group)))
            .autoScalingGroups();
    return found.stream().anyMatch(one -> one.desiredCapacity() <= one.minSize());
  }

  @Override
  public List<Hook> hooks(String group) throws CallFailed, InterruptedException {
    return autoScaling
        .call(
            () -> clients.autoScaling().describeLifecycleHooks(r -> r.autoScalingGroupName(group)))
        .lifecycleHooks()
        .stream()
        .filter(hook -> TERMINATING.equals(hook.lifecycleTransition()))
        .map(AwsOwnBox::hook)
        .toList();
  }

  private static Hook hook(LifecycleHook hook) {
    Duration heartbeat = Duration.ofSeconds(hook.heartbeatTimeout());
    Duration global =
        hook.globalTimeout() == null
            ? heartbeat.multipliedBy(MAX_HEARTBEATS)
            : Duration.ofSeconds(hook.globalTimeout());
    return new Hook(
        hook.autoScalingGroupName(),
        hook.lifecycleHookName(),
        heartbeat,
        global.compareTo(MAX_WAIT) < 0 ? global : MAX_WAIT);
  }

  @Override
  public boolean heartbeat(Hook hook) throws CallFailed, InterruptedException {
    String id = id();
    return waits(
        () ->
            clients
                .autoScaling()
                .recordLifecycleActionHeartbeat(
                    r ->
                        r.autoScalingGroupName(hook.group())
                            .lifecycleHookName(hook.name())
                            .instanceId(id)));
  }

  @Override
  public boolean complete(Hook hook) throws CallFailed, InterruptedException {
    String id = id();
    return waits(
        () ->
            clients
                .autoScaling()
                .completeLifecycleAction(
                    r ->
                        r.autoScalingGroupName(hook.group())
                            .lifecycleHookName(hook.name())
                            .lifecycleActionResult("CONTINUE")
                            .instanceId(id)));
  }

  private boolean waits(Supplier<?> call) throws CallFailed, InterruptedException {
    try {
      autoScaling.call(call::get);
      return true;
    } catch (CallFailed e) {
      if (says(e, "No active Lifecycle Action")) {
        return false;
      }
      throw e;
    }
  }

  private static boolean says(CallFailed e, String words) {
    return e.code().equals(CANNOT) && String.valueOf(e.getMessage()).contains(words);
  }

  @Override
  public GroupAnswer endInGroup() throws CallFailed, InterruptedException {
    String id = id();
    try {
      autoScaling.call(
          () ->
              clients
                  .autoScaling()
                  .terminateInstanceInAutoScalingGroup(
                      r -> r.instanceId(id).shouldDecrementDesiredCapacity(true)));
      return GroupAnswer.ENDS;
    } catch (CallFailed e) {
      if (says(e, "min size") || says(e, "minSize")) {
        return GroupAnswer.AT_MINIMUM;
      }
      if (says(e, "No managed instance") || says(e, "not found")) {
        return GroupAnswer.NO_MEMBER;
      }
      throw e;
    }
  }

  @Override
  public void end() throws CallFailed, InterruptedException {
    String id = id();
    ec2.call(() -> clients.ec2().terminateInstances(r -> r.instanceIds(id)));
  }

  @Override
  public void protect(String group, boolean on) throws CallFailed, InterruptedException {
    String id = id();
    autoScaling.call(
        () ->
            clients
                .autoScaling()
                .setInstanceProtection(
                    r -> r.autoScalingGroupName(group).instanceIds(id).protectedFromScaleIn(on)));
  }
}
