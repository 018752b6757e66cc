package com.amazonaws.jobprocessor.fleet;

import java.time.Instant;
import java.util.Locale;

/**
 * An instance that works for a queue, as EC2 describes it.
 *
 * @param id such as {@code i-0123456789abcdef0}
 * @param backlog the queue by its tag; empty if it has none
 * @param group the Auto Scaling group that it belongs to; empty if none
 * @param launchedAt when it was launched
 */
public record Box(
    String id,
    String backlog,
    String group,
    Machine machine,
    Instant launchedAt,
    Condition condition) {

  /**
   * What it is.
   *
   * @param type such as {@code c7i.large}
   * @param zone the Availability Zone; empty until EC2 has chosen one
   * @param spot true for a spot instance
   */
  public record Machine(String type, String zone, boolean spot) {}

  /**
   * How it is.
   *
   * @param reason why it is in this state, in EC2's words; empty if EC2 says nothing
   */
  public record Condition(State state, String reason) {}

  /** The states of an instance, by EC2's names with {@code _} for {@code -}. */
  public enum State {
    PENDING,
    RUNNING,
    STOPPING,
    STOPPED,
    SHUTTING_DOWN,
    TERMINATED;

    /** As EC2 writes it. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** What EC2 calls its state. */
  public State state() {
    return condition.state();
  }

  /** True if it works or is about to. */
  public boolean isUp() {
    return state() == State.PENDING || state() == State.RUNNING;
  }

  /** True if it has ended or is about to. */
  public boolean isEnding() {
    return state() == State.SHUTTING_DOWN || state() == State.TERMINATED;
  }
}
