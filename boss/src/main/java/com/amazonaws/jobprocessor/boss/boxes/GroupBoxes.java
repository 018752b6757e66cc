package com.amazonaws.jobprocessor.boss.boxes;

import com.amazonaws.jobprocessor.boss.night.WindowBoxes;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Refused;
import java.util.List;

/**
 * Boxes of an Auto Scaling group: its desired capacity is raised for a window, and set to its
 * minimum after it. Nobody else should set it.
 */
public final class GroupBoxes implements WindowBoxes {
  private final Boxes autoScaling;
  private final String group;
  private final int max;

  /**
   * Boxes of a group.
   *
   * @param max no higher capacity than this is desired
   */
  public GroupBoxes(Boxes autoScaling, String group, int max) {
    this.autoScaling = autoScaling;
    this.group = group;
    this.max = max;
  }

  /** By the total, so that an order that is given twice is one. */
  @Override
  public Started bring(Order order) throws Refused, InterruptedException {
    Boxes.Capacity now = capacity();
    int most = Math.min(max, now.max());
    int wanted = Math.min(order.total(), most);
    if (now.desired() < wanted) {
      desire(wanted);
    } else if (now.desired() < order.total()) {
      throw new Refused(
          "the group "
              + group
              + " has a desired capacity of "
              + now.desired()
              + " already, and may have "
              + bound(now));
    }
    int missing = order.total() - wanted;
    return new Started(
        Math.max(0, order.more() - missing),
        missing == 0
            ? ""
            : "the group " + group + " may have " + bound(now) + ", not " + order.total());
  }

  private String bound(Boxes.Capacity now) {
    return now.max() <= max
        ? now.max() + ", its maximum size"
        : max + ", which is --fleet-max-boxes";
  }

  /** All that the group is to have: it replaces those that vanish by itself. */
  @Override
  public int there(List<String> tokens) throws Refused, InterruptedException {
    return capacity().desired();
  }

  @Override
  public void end(List<String> tokens, boolean others) throws Refused, InterruptedException {
    if (others) {
      return;
    }
    Boxes.Capacity now = capacity();
    if (now.desired() > now.min()) {
      desire(now.min());
    }
  }

  private Boxes.Capacity capacity() throws Refused, InterruptedException {
    return RefusedCalls.call("DescribeAutoScalingGroups", () -> autoScaling.capacity(group));
  }

  private void desire(int capacity) throws Refused, InterruptedException {
    RefusedCalls.call(
        "SetDesiredCapacity",
        () -> {
          autoScaling.desire(group, capacity);
          return group;
        });
  }
}
