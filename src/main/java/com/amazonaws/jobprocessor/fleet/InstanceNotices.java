package com.amazonaws.jobprocessor.fleet;

import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Port: what the instance metadata service says of this instance's end. Every call may be made
 * again after a failure.
 */
public interface InstanceNotices {
  /**
   * A spot instance is about to be taken.
   *
   * @param action {@code terminate}, {@code stop} or {@code hibernate}
   * @param time when, by EC2's clock; null if the notice has none that can be read
   */
  record SpotAction(String action, @Nullable Instant time) {}

  /**
   * The spot interruption notice; null if there is none.
   *
   * @throws IOException if the service does not answer, or with something that is no notice
   */
  @Nullable SpotAction spotAction() throws IOException;

  /**
   * The lifecycle state that Auto Scaling wants the instance to come to, such as {@code InService}
   * or {@code Terminated}; null outside of a group.
   *
   * @throws IOException if the service does not answer
   */
  @Nullable String targetState() throws IOException;

  /**
   * True if EC2 recommends to move away from this spot instance.
   *
   * @throws IOException if the service does not answer
   */
  boolean rebalance() throws IOException;
}
