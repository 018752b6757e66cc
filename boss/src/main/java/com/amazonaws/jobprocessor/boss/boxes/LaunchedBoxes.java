package com.amazonaws.jobprocessor.boss.boxes;

import com.amazonaws.jobprocessor.boss.night.WindowBoxes;
import com.amazonaws.jobprocessor.fleet.Box;
import com.amazonaws.jobprocessor.fleet.Boxes;
import com.amazonaws.jobprocessor.fleet.Launch;
import com.amazonaws.jobprocessor.fleet.Refused;
import java.util.List;

/** Boxes that are launched from an image for a window, and terminated after it. */
public final class LaunchedBoxes implements WindowBoxes {
  private final Boxes ec2;
  private final Kind kind;
  private final int max;

  /**
   * What is launched.
   *
   * @param backlog the queue that they work for
   * @param userData in clear text; may hold secrets
   */
  public record Kind(
      Launch.Machine machine, Launch.Network network, String backlog, String userData) {
    /** Nothing of the user data, which may hold secrets. */
    @Override
    public String toString() {
      return "Kind[" + machine + ", " + network + ", " + backlog + "]";
    }
  }

  /**
   * Boxes by EC2.
   *
   * @param max no more boxes of the queue than these, whoever has started the others
   */
  public LaunchedBoxes(Boxes ec2, Kind kind, int max) {
    this.ec2 = ec2;
    this.kind = kind;
    this.max = max;
  }

  @Override
  public Started bring(Order order) throws Refused, InterruptedException {
    List<Box> before = launchedWith(List.of(order.token()));
    if (!before.isEmpty()) {
      // Why it was fewer, only the first answer has told.
      return started(before.size(), order.more(), "%s of the %s that were asked for came");
    }
    long up =
        RefusedCalls.call("DescribeInstances", () -> ec2.list(kind.backlog())).stream()
            .filter(Box::isUp)
            .count();
    int count = (int) Math.min(order.more(), max - up);
    if (count <= 0) {
      throw new Refused(
          "the queue "
              + kind.backlog()
              + " has "
              + up
              + " boxes already, and --fleet-max-boxes is "
              + max);
    }
    Launch launch =
        new Launch(
            order.token(), count, kind.machine(), kind.network(), kind.backlog(), kind.userData());
    int launched = RefusedCalls.call("RunInstances", () -> ec2.launch(launch)).size();
    return launched == count && count < order.more()
        ? new Started(
            count,
            "--fleet-max-boxes is "
                + max
                + ", and the queue "
                + kind.backlog()
                + " had "
                + up
                + " boxes already")
        : started(launched, count, "EC2 had %s of the %s that were asked for");
  }

  private static Started started(int boxes, int wanted, String fewer) {
    return new Started(boxes, boxes < wanted ? fewer.formatted(boxes, wanted) : "");
  }

  @Override
  public int there(List<String> tokens) throws Refused, InterruptedException {
    return (int) launchedWith(tokens).stream().filter(Box::isUp).count();
  }

  private List<Box> launchedWith(List<String> tokens) throws Refused, InterruptedException {
    return tokens.isEmpty()
        ? List.of()
        : RefusedCalls.call("DescribeInstances", () -> ec2.launchedWith(tokens));
  }

  @Override
  public void end(List<String> tokens, boolean others) throws Refused, InterruptedException {
    List<String> ids =
        launchedWith(tokens).stream().filter(box -> !box.isEnding()).map(Box::id).toList();
    if (!ids.isEmpty()) {
      RefusedCalls.call(
          "TerminateInstances",
          () -> {
            ec2.terminate(ids);
            return ids;
          });
    }
  }
}
