package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Port: what EC2 and Auto Scaling do with this very instance. No call is repeated inside; each may
 * be made again.
 */
public interface OwnBox {
  /**
   * The Auto Scaling group of this instance.
   *
   * @param lifecycleState of the instance, such as {@code InService} or {@code Terminating:Wait}
   */
  record Membership(String group, String lifecycleState) {}

  /**
   * A hook at the end of the group's instances.
   *
   * @param heartbeat how long it waits for the next heartbeat
   * @param global how long it waits at most, whatever heartbeats come
   */
  record Hook(String group, String name, Duration heartbeat, Duration global) {}

  /** What Auto Scaling says to ending an instance with one less desired. */
  enum GroupAnswer {
    /** The instance ends. */
    ENDS,
    /** The group is at its minimum. */
    AT_MINIMUM,
    /** The instance is in no group. */
    NO_MEMBER
  }

  /** The group of this instance; null if it is in none. */
  @Nullable Membership membership() throws CallFailed, InterruptedException;

  /** True if the group has no more instances than it must have. */
  boolean isAtMinimum(String group) throws CallFailed, InterruptedException;

  /** The hooks at the end of the group's instances; empty if there are none. */
  List<Hook> hooks(String group) throws CallFailed, InterruptedException;

  /** Has a hook wait on; false if it does not wait for this instance. */
  boolean heartbeat(Hook hook) throws CallFailed, InterruptedException;

  /** Tells a hook that it need not wait any more; false if it does not wait for this instance. */
  boolean complete(Hook hook) throws CallFailed, InterruptedException;

  /** Ends this instance and lowers its group's desired capacity, in one call. */
  GroupAnswer endInGroup() throws CallFailed, InterruptedException;

  /** Ends this instance, which is in no group. */
  void end() throws CallFailed, InterruptedException;

  /** Protects this instance from its group's scale-in, or no longer. */
  void protect(String group, boolean on) throws CallFailed, InterruptedException;
}
