package com.amazonaws.jobprocessor.fleet;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the page's buttons do: more boxes, and the end of this one. */
public interface Controls {
  /**
   * What a start would do.
   *
   * @param count how many more boxes
   * @param group what becomes of the Auto Scaling group of this box; null if it is in none
   * @param secrets the places of secrets in the user data, which new boxes get as well
   */
  record StartPlan(int count, @Nullable Resize group, List<String> secrets) {
    /** Copies the list. */
    public StartPlan {
      secrets = List.copyOf(secrets);
    }
  }

  /** The change of an Auto Scaling group's desired capacity, from a number to a number. */
  record Resize(String group, int from, int to) {}

  /**
   * What is to be started, as somebody has confirmed it.
   *
   * @param clientToken 1 to 64 ASCII characters: of an order that comes twice, the second does
   *     nothing
   * @param from the group's desired capacity as it was shown; null if none was
   * @param to the one to be; null if none was shown
   */
  record StartOrder(int count, String clientToken, @Nullable Integer from, @Nullable Integer to) {}

  /**
   * What the end of this box does.
   *
   * @param group what becomes of its Auto Scaling group; null if it is in none
   */
  record EndPlan(@Nullable Resize group) {}

  /** What a start of so many boxes would do; asks EC2 and Auto Scaling, changes nothing. */
  StartPlan planStart(int count) throws Refused, InterruptedException;

  /**
   * Starts boxes.
   *
   * @return what was done, as a sentence
   * @throws Unanswered if it may have been done; the same order again does it once
   */
  String start(StartOrder order) throws Refused, Unanswered, InterruptedException;

  /** What the end of this box would do; changes nothing. */
  EndPlan planEnd() throws Refused, InterruptedException;

  /**
   * Begins to end this box: the worker drains, then the instance is terminated.
   *
   * @return what is done, as a sentence
   */
  String end() throws Refused, InterruptedException;
}
