package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.fleet.Controls.Resize;
import com.amazonaws.jobprocessor.fleet.Controls.StartOrder;
import com.amazonaws.jobprocessor.fleet.Controls.StartPlan;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Starts boxes like this one: in an Auto Scaling group by its desired capacity, else by EC2. One
 * order at a time, so that two that come together are two for the ceiling, too.
 */
public final class BoxStarter {
  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);

  /**
   * Who starts them.
   *
   * @param instanceId of this box
   * @param maxBoxes ceiling on the boxes of the queue
   */
  public record Self(String instanceId, String backlog, int maxBoxes) {}

  private final Self self;
  private final FleetPorts ports;
  private final Function<String, List<String>> secrets;
  private final ReentrantLock one = new ReentrantLock();
  private final ResizeOrders resizes = new ResizeOrders();
  private final RecentLaunches recent;

  /**
   * Makes no call yet.
   *
   * @param secrets finds the places of secrets in user data
   */
  public BoxStarter(
      Self self, FleetPorts ports, Function<String, List<String>> secrets, MonotonicClock clock) {
    this.self = self;
    this.ports = ports;
    this.secrets = secrets;
    this.recent = new RecentLaunches(clock);
  }

  /** What a start of so many boxes would do, unless it would be refused. */
  StartPlan plan(int count) throws Refused, InterruptedException {
    String group = group();
    if (group != null) {
      Boxes.Capacity now = capacity(group);
      Resize resize = new Resize(group, now.desired(), now.desired() + count);
      checkRoom(resize, now.max());
      return new StartPlan(count, resize, List.of());
    }
    checkRoom(count, "");
    return new StartPlan(count, null, secrets.apply(read(OwnMachine::userData)));
  }

  /** Starts boxes; what was done, as a sentence. */
  String start(StartOrder order) throws Refused, Unanswered, InterruptedException {
    one.lockInterruptibly();
    try {
      String group = group();
      if (group != null) {
        return resize(group, order);
      }
      if (order.to() != null) {
        throw new Refused("this box is in no Auto Scaling group any more; open the form again");
      }
      return launch(order);
    } finally {
      one.unlock();
    }
  }

  private String resize(String group, StartOrder order)
      throws Refused, Unanswered, InterruptedException {
    Boxes.Capacity now = capacity(group);
    Resize wanted = resizes.of(order, group, now.desired());
    int from = wanted.from();
    int to = wanted.to();
    if (now.desired() >= to) {
      return "The desired capacity of the group %s is %s already: nothing was changed."
          .formatted(group, now.desired());
    }
    if (now.desired() < from) {
      throw new Refused(
          "the desired capacity of the group %s was %s and is %s now: look again"
              .formatted(group, from, now.desired()));
    }
    Resize resize = new Resize(group, now.desired(), to);
    checkRoom(resize, now.max());
    try {
      ports.open().desire(group, to);
    } catch (CallFailed e) {
      if (Refusals.isUnanswered(e)) {
        resizes.remember(order.clientToken(), wanted);
      }
      throw notDone("SetDesiredCapacity", e);
    }
    resizes.remember(order.clientToken(), wanted);
    log.atInfo()
        .addKeyValue("group", group)
        .addKeyValue("from", now.desired())
        .addKeyValue("to", to)
        .log("starting boxes, as requested on the page: desired capacity set");
    return "The desired capacity of the group %s is set from %s to %s: Auto Scaling starts %s."
        .formatted(group, now.desired(), to, boxes(to - now.desired()));
  }

  private String launch(StartOrder order) throws Refused, Unanswered, InterruptedException {
    List<Box> before =
        call("DescribeInstances", () -> ports.open().launchedWith(order.clientToken()));
    if (!before.isEmpty()) {
      recent.found(
          order.clientToken(),
          before.stream().filter(box -> !box.isEnding()).map(Box::id).toList());
      return "Already started by this form: " + ids(before) + ". Nothing more was started.";
    }
    checkRoom(order.count(), order.clientToken());
    Launch launch =
        new Launch(
            order.clientToken(),
            order.count(),
            read(OwnMachine::machine),
            read(OwnMachine::network),
            self.backlog(),
            read(OwnMachine::userData));
    List<Box> started = launch(launch);
    log.atInfo().addKeyValue("boxes", ids(started)).log("starting boxes, as requested on the page");
    String fewer =
        started.size() < order.count()
            ? " EC2 had no more than these of the %s that were asked for.".formatted(order.count())
            : "";
    return "%s started: %s.%s".formatted(boxes(started.size()), ids(started), fewer);
  }

  private List<Box> launch(Launch launch) throws Refused, Unanswered, InterruptedException {
    try {
      List<Box> started = ports.open().launch(launch);
      recent.launched(launch.clientToken(), started.stream().map(Box::id).toList());
      return started;
    } catch (CallFailed e) {
      if (Refusals.isUnanswered(e)) {
        recent.unanswered(launch.clientToken(), launch.count());
      }
      throw notDone("RunInstances", e);
    }
  }

  private static Refused notDone(String action, CallFailed e) throws Unanswered {
    if (Refusals.isUnanswered(e)) {
      log.warn(
          "starting boxes, as requested on the page: it is not known whether {} was done ({}: {})",
          action,
          e.code(),
          e.getMessage());
      throw new Unanswered(Refusals.words(action, e));
    }
    return new Refused(Refusals.words(action, e));
  }

  private static String boxes(int count) {
    return count == 1 ? "1 box" : count + " boxes";
  }

  private static String ids(List<Box> boxes) {
    return boxes.stream().map(Box::id).collect(Collectors.joining(", "));
  }

  /** The group of this box; null if it is in none. */
  @Nullable String group() throws Refused, InterruptedException {
    try {
      OwnBox.Membership membership = ports.own().membership();
      return membership == null ? null : membership.group();
    } catch (CallFailed e) {
      // Who may not ask may be in no group, which instance metadata tells, too.
      if (Said.isDenied(e) && !read(OwnMachine::isInGroup)) {
        return null;
      }
      throw new Refused(Refusals.words("DescribeAutoScalingInstances", e));
    }
  }

  Boxes.Capacity capacity(String group) throws Refused, InterruptedException {
    return call("DescribeAutoScalingGroups", () -> ports.open().capacity(group));
  }

  private void checkRoom(Resize resize, int max) throws Refused, InterruptedException {
    if (resize.to() > max) {
      throw new Refused(
          "the group %s may have at most %s (its maximum size), and %s are desired now"
              .formatted(resize.group(), boxes(max), resize.from()));
    }
    checkCeiling(resize.to() + others(resize.group()), resize.to() - resize.from());
  }

  /**
   * Boxes of the queue outside of the group. Without the right to list instances the group alone is
   * counted; while EC2 does not tell, nothing is started.
   */
  private long others(String group) throws Refused, InterruptedException {
    try {
      return ports.open().list(self.backlog()).stream()
          .filter(box -> box.isUp() && !box.group().equals(group))
          .filter(box -> !box.id().equals(self.instanceId()))
          .count();
    } catch (CallFailed e) {
      if (Said.isDenied(e)) {
        return 0;
      }
      throw new Refused(Refusals.words("DescribeInstances", e));
    }
  }

  /**
   * Counts what EC2 lists, this box, and what was launched just now and may not be listed yet.
   *
   * @param clientToken of the order, which may be there already, unanswered
   */
  private void checkRoom(int count, String clientToken) throws Refused, InterruptedException {
    List<Box> listed = call("DescribeInstances", () -> ports.open().list(self.backlog()));
    List<Box> up = listed.stream().filter(Box::isUp).toList();
    boolean isAmong = up.stream().anyMatch(box -> box.id().equals(self.instanceId()));
    Set<String> ids = listed.stream().map(Box::id).collect(Collectors.toSet());
    long there = up.size() + (isAmong ? 0 : 1) + recent.missing(ids, clientToken);
    checkCeiling(there + count, count);
  }

  private void checkCeiling(long then, int more) throws Refused {
    if (then > self.maxBoxes()) {
      throw new Refused(
          "the queue %s has %s; with %s more that would be above fleet_max_boxes=%s"
              .formatted(self.backlog(), boxes((int) then - more), more, self.maxBoxes()));
    }
  }

  private interface Call<T> {
    T make() throws CallFailed, InterruptedException;
  }

  private static <T> T call(String action, Call<T> call) throws Refused, InterruptedException {
    try {
      return call.make();
    } catch (CallFailed e) {
      throw new Refused(Refusals.words(action, e));
    }
  }

  private interface Question<T> {
    T ask(OwnMachine machine) throws IOException;
  }

  private <T> T read(Question<T> question) throws Refused {
    try {
      return question.ask(ports.machine());
    } catch (IOException e) {
      throw new Refused(
          "instance metadata does not tell what this box was launched with: " + e.getMessage());
    }
  }
}
