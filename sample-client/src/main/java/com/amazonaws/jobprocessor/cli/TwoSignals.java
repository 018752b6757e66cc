package com.amazonaws.jobprocessor.cli;

import java.time.Duration;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;

/** The first signal asks a process for its end, the second ends it. */
final class TwoSignals implements IntConsumer {
  /** coreutils' timeout, for one, sends a signal to the process and at once to its group, too. */
  static final Duration SAME_SIGNAL = Duration.ofMillis(100);

  private final LongSupplier nanoTime;
  private final IntConsumer onFirst;
  private final IntConsumer onSecond;
  private boolean isAsked;
  private long firstAt;

  /** Who hears of the two by their numbers; the first may take its time. */
  TwoSignals(LongSupplier nanoTime, IntConsumer onFirst, IntConsumer onSecond) {
    this.nanoTime = nanoTime;
    this.onFirst = onFirst;
    this.onSecond = onSecond;
  }

  @Override
  public void accept(int signal) {
    if (isFirst()) {
      onFirst.accept(signal);
    } else if (nanoTime.getAsLong() - firstAt >= SAME_SIGNAL.toNanos()) {
      onSecond.accept(signal);
    }
  }

  private synchronized boolean isFirst() {
    boolean first = !isAsked;
    if (first) {
      isAsked = true;
      firstAt = nanoTime.getAsLong();
    }
    return first;
  }
}
