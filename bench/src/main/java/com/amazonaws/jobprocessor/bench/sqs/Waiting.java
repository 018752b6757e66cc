package com.amazonaws.jobprocessor.bench.sqs;

import java.util.List;

/** A receive that waits for messages. */
record Waiting(Reply reply, String caller, Receive receive, long deadline) {
  /** What a receive asked for. */
  record Receive(
      MessageQueue queue,
      int max,
      int visibilitySeconds,
      List<String> attributeNames,
      boolean system) {}
}
