package com.amazonaws.jobprocessor.work.room;

import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;

/**
 * How many slots became free in the last short while, which is how many will in the next: the
 * measure for taking short jobs ahead of their slots. A slot that is held by a long job stops
 * counting by itself. Not for several threads.
 */
final class Turnover {
  private final long window;
  private final MonotonicClock clock;
  private long windowStart;
  private int ended;
  private int endedBefore;

  Turnover(Duration window, MonotonicClock clock) {
    this.window = window.toNanos();
    this.clock = clock;
    this.windowStart = clock.nanoTime();
  }

  /** An executor has returned from so many jobs. */
  void ended(int jobs) {
    advance();
    ended += jobs;
  }

  /**
   * Slots that are likely to become free within the window. Without the last one that did: asked
   * when a job has ended, there is always one, however long it took.
   */
  int soon() {
    long into = advance();
    int lately = ended + (int) (endedBefore * (window - into) / window);
    return Math.max(0, lately - 1);
  }

  private long advance() {
    long into = clock.nanoTime() - windowStart;
    if (into >= window) {
      endedBefore = into < 2 * window ? ended : 0;
      ended = 0;
      windowStart += into - into % window;
      into %= window;
    }
    return into;
  }
}
