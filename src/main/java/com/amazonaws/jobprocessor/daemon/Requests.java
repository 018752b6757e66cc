package com.amazonaws.jobprocessor.daemon;

import com.amazonaws.jobprocessor.cost.Chunks;
import com.amazonaws.jobprocessor.work.WorkListener.Request;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests to the queues as SQS does: those made, and those billed for them. */
final class Requests {
  private final LongAdder made = new LongAdder();
  private final LongAdder receives = new LongAdder();
  private final LongAdder sends = new LongAdder();
  private final LongAdder deletes = new LongAdder();
  private final LongAdder changes = new LongAdder();

  private LongAdder adder(Request request) {
    return switch (request) {
      case RECEIVE -> receives;
      case SEND -> sends;
      case DELETE -> deletes;
      case CHANGE_VISIBILITY -> changes;
    };
  }

  /** To be called once a request, which carries up to ten messages of so many bytes together. */
  void count(Request request, long bytes) {
    made.increment();
    adder(request).add(Chunks.of(bytes));
  }

  /** Requests made. */
  long made() {
    return made.sum();
  }

  /** Requests billed: one for each begun chunk. */
  long billed(Request request) {
    return adder(request).sum();
  }
}
