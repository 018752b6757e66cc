package com.amazonaws.jobprocessor.fleet;

import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The buttons of a worker on an EC2 instance. */
public final class BoxControls implements Controls {
  private final BoxStarter starter;
  private final Supplier<@Nullable BoxEnd> boxEnd;
  private final Consumer<@Nullable String> stays;

  /**
   * Makes no call yet.
   *
   * @param boxEnd null until the worker takes jobs
   * @param stays is told why a box that was to end stays; null when its end begins
   */
  public BoxControls(
      BoxStarter starter, Supplier<@Nullable BoxEnd> boxEnd, Consumer<@Nullable String> stays) {
    this.starter = starter;
    this.boxEnd = boxEnd;
    this.stays = stays;
  }

  @Override
  public StartPlan planStart(int count) throws Refused, InterruptedException {
    return starter.plan(count);
  }

  @Override
  public String start(StartOrder order) throws Refused, Unanswered, InterruptedException {
    return starter.start(order);
  }

  @Override
  public EndPlan planEnd() throws Refused, InterruptedException {
    String group = starter.group();
    if (group == null) {
      return new EndPlan(null);
    }
    Boxes.Capacity now = starter.capacity(group);
    if (now.desired() <= now.min()) {
      throw new Refused(
          "the group %s is at its minimum size of %s, and would replace this box"
              .formatted(group, now.min()));
    }
    return new EndPlan(new Resize(group, now.desired(), now.desired() - 1));
  }

  @Override
  public String end() throws Refused {
    BoxEnd end = boxEnd.get();
    if (end == null) {
      throw new Refused("the worker is still starting; try again in a few seconds");
    }
    return end.endAsked(stays)
        ? "This box takes no more jobs; it finishes or gives back those it has, then it is"
            + " terminated."
        : "This box is ending already, or is in its group's warm pool.";
  }

  /** Those of a worker that is on no EC2 instance: they say why they cannot work. */
  public static Controls elsewhere() {
    return new Elsewhere();
  }

  private static final class Elsewhere implements Controls {
    private static final String START =
        "this worker is on no EC2 instance, so it has nothing to start others like it from;"
            + " bin/sample-client fleet launch starts boxes from an image";
    private static final String END =
        "this worker is on no EC2 instance that could be terminated; stop it where it was started,"
            + " for example with systemctl stop job-processor";

    @Override
    public StartPlan planStart(int count) throws Refused {
      throw new Refused(START);
    }

    @Override
    public String start(StartOrder order) throws Refused {
      throw new Refused(START);
    }

    @Override
    public EndPlan planEnd() throws Refused {
      throw new Refused(END);
    }

    @Override
    public String end() throws Refused {
      throw new Refused(END);
    }
  }
}
