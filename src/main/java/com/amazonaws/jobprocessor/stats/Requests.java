package com.amazonaws.jobprocessor.stats;

import com.amazonaws.jobprocessor.cost.Chunks;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Request;
import com.amazonaws.jobprocessor.work.call.WorkEvent.Requested;
import java.util.concurrent.atomic.LongAdder;

/** Counts requests to the queues: those made, those that SQS bills for them, what they carried. */
public final class Requests {
  private final Tally receives = new Tally();
  private final Tally sends = new Tally();
  private final Tally deletes = new Tally();
  private final Tally changes = new Tally();

  /** What is read as a counter is counted as such: a difference of two may become smaller. */
  private static final class Tally {
    private final LongAdder failed = new LongAdder();
    private final LongAdder billed = new LongAdder();
    private final LongAdder full = new LongAdder();
    private final LongAdder empty = new LongAdder();
    private final LongAdder messages = new LongAdder();
    private final LongAdder chunks = new LongAdder();
    private final LongAdder bytes = new LongAdder();

    /**
     * Of the chunks billed for requests that carried messages, those that as much in as few as can
     * be would have spared: ten messages a request, or 64 KiB a chunk, whichever is more of them.
     */
    private long spared(long messages) {
      long fewest =
          Math.max(Math.ceilDiv(messages, MessageFormat.MAX_BATCH), Chunks.of(bytes.sum()));
      return Math.max(0, chunks.sum() - fewest);
    }
  }

  /**
   * The requests of one kind.
   *
   * @param made all of them
   * @param failed those that were not answered with success
   * @param billed one for each begun chunk of 64 KiB
   * @param full those that carried or named messages
   * @param messages that these carried or named
   * @param spared what full batches would have saved of those billed
   */
  public record Sums(long made, long failed, long billed, long full, long messages, long spared) {
    /** None at all. */
    public static final Sums NONE = new Sums(0, 0, 0, 0, 0, 0);

    /** Messages a request, those left out that carried none; 0 if there was no other. */
    public double fill() {
      return full == 0 ? 0 : (double) messages / full;
    }

    /** Those that were answered with success. */
    public long answered() {
      return made - failed;
    }

    /** Requests that carried nothing, such as receives that brought nothing; failed ones aside. */
    public long empty() {
      return answered() - full;
    }
  }

  private Tally tally(Request request) {
    return switch (request) {
      case RECEIVE -> receives;
      case SEND -> sends;
      case DELETE -> deletes;
      case CHANGE_VISIBILITY -> changes;
    };
  }

  /** To be called once a request. */
  void count(Requested request) {
    Tally tally = tally(request.request());
    long chunks = Chunks.of(request.bytes());
    tally.billed.add(chunks);
    if (!request.answered()) {
      tally.failed.increment();
    } else if (request.messages() > 0) {
      tally.full.increment();
      tally.messages.add(request.messages());
      tally.chunks.add(chunks);
      tally.bytes.add(request.bytes());
    } else {
      tally.empty.increment();
    }
  }

  /** Requests made. */
  public long made() {
    long made = 0;
    for (Request kind : Request.values()) {
      made += of(kind).made();
    }
    return made;
  }

  /** Those of one kind. */
  public Sums of(Request request) {
    Tally tally = tally(request);
    long failed = tally.failed.sum();
    long full = tally.full.sum();
    long messages = tally.messages.sum();
    return new Sums(
        failed + full + tally.empty.sum(),
        failed,
        tally.billed.sum(),
        full,
        messages,
        tally.spared(messages));
  }

  /** Requests billed: one for each begun chunk. */
  public long billed(Request request) {
    return tally(request).billed.sum();
  }

  /** Messages a request, those left out that carried none; 0 if there was no other. */
  public double fill(Request request) {
    return of(request).fill();
  }
}
