package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Chunks;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests to the queues: those made, those that SQS bills for them, what they carried. */
public final class Requests {
  private final LongAdder made = new LongAdder();
  private final Tally receives = new Tally();
  private final Tally sends = new Tally();
  private final Tally deletes = new Tally();
  private final Tally changes = new Tally();

  private static final class Tally {
    private final LongAdder billed = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder messages = new LongAdder();
  }

  private Tally tally(Request request) {
    return switch (request) {
      case RECEIVE -> receives;
      case SEND -> sends;
      case DELETE -> deletes;
      case CHANGE_VISIBILITY -> changes;
    };
  }

  /** To be called once a request, which carries up to ten messages of so many bytes together. */
  public void count(Request request, int messages, long bytes) {
    Tally tally = tally(request);
    made.increment();
    tally.billed.add(Chunks.of(bytes));
    if (messages > 0) {
      tally.full.increment();
      tally.messages.add(messages);
    }
  }

  /** Requests made. */
  public long made() {
    return made.sum();
  }

  /** Requests billed: one for each begun chunk. */
  public long billed(Request request) {
    return tally(request).billed.sum();
  }

  /** Messages a request, those left out that carried none; 0 if there was no other. */
  public double fill(Request request) {
    Tally tally = tally(request);
    long full = tally.full.sum();
    return full == 0 ? 0 : (double) tally.messages.sum() / full;
  }
}
