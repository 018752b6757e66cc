package com.amazonaws.jobprocessor.boss.night;

import com.amazonaws.jobprocessor.fleet.Refused;
import java.util.List;

/** Brings boxes for a window and ends them. Each call may be made again, after a crash as well. */
public interface WindowBoxes {
  /**
   * What is asked for.
   *
   * @param token the same token never starts boxes twice
   * @param more boxes
   * @param total with those that were there
   */
  record Order(String token, int more, int total) {}

  /**
   * What an order has started.
   *
   * @param boxes fewer than it asked for if there are no more, or there may be no more
   * @param fewer why, in plain words; empty if all were started
   */
  record Started(int boxes, String fewer) {}

  /** Starts boxes. */
  Started bring(Order order) throws Refused, InterruptedException;

  /** How many there are of the orders with the tokens, those that are ending left out. */
  int there(List<String> tokens) throws Refused, InterruptedException;

  /**
   * Ends those that the orders with the tokens have started.
   *
   * @param others true if those of other windows are still up: what they share stays
   */
  void end(List<String> tokens, boolean others) throws Refused, InterruptedException;
}
