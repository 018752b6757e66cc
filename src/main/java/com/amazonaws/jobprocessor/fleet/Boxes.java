package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Port: the boxes of queues. A box is known by its tag {@value #TAG}, whose value is the name of
 * its backlog queue. No call is repeated inside, and every call ends within a bounded time.
 */
public interface Boxes extends AutoCloseable {
  /** The tag's key. */
  String TAG = "job-processor:backlog";

  /**
   * The boxes of a queue, oldest first, those that have ended left out; as many pages are read as
   * there are.
   *
   * @param backlog null for those of all queues
   */
  List<Box> list(@Nullable String backlog) throws CallFailed, InterruptedException;

  /**
   * Boxes by their ids, in no order, ended ones included. Ids that EC2 does not know are left out,
   * as are instances without the tag.
   */
  List<Box> find(Collection<String> ids) throws CallFailed, InterruptedException;

  /**
   * The boxes that were launched with one of the client tokens, in no order, ended ones included.
   */
  List<Box> launchedWith(Collection<String> clientTokens) throws CallFailed, InterruptedException;

  /** The boxes that were launched with a client token, ended ones included. */
  default List<Box> launchedWith(String clientToken) throws CallFailed, InterruptedException {
    return launchedWith(List.of(clientToken));
  }

  /**
   * Launches boxes: IMDSv2 required with a hop limit of 1, tagged, ended when they shut down. A
   * call with a client token that was used before launches nothing and returns the boxes of then.
   *
   * @return those that are launched: fewer than asked for if EC2 has no more
   */
  List<Box> launch(Launch launch) throws CallFailed, InterruptedException;

  /** Ends boxes that belong to no group; those that end already are no failure. */
  void terminate(Collection<String> ids) throws CallFailed, InterruptedException;

  /** Ends a box of an Auto Scaling group, and lowers the group's desired capacity by one. */
  void terminateInGroup(String id) throws CallFailed, InterruptedException;

  /**
   * The sizes of an Auto Scaling group.
   *
   * @param min its minimum
   * @param max its maximum
   * @param desired how many it is to have now
   */
  record Capacity(int min, int max, int desired) {}

  /** The sizes of a group; a group that is not there is a failure. */
  Capacity capacity(String group) throws CallFailed, InterruptedException;

  /** Sets a group's desired capacity, whatever cool-down it is in. */
  void desire(String group, int capacity) throws CallFailed, InterruptedException;

  /**
   * The last 64 KiB of what a box has written to its console.
   *
   * @return empty if there is nothing yet
   */
  String console(String id) throws CallFailed, InterruptedException;

  @Override
  void close();
}
