package com.amazonaws.jobprocessor.executors;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/**
 * How many lines of standard error are logged: so many a minute for each of the processes that
 * there are at the same time. One that ends leaves the rest of its minute to the next one, so that
 * a process a job has no more lines than one that stays.
 */
final class ErrorBudgets {
  static final int MAX_LINES_PER_MINUTE = 300;

  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  private final Queue<Budget> free = new ConcurrentLinkedQueue<>();

  /** One for a process that starts. */
  Budget take() {
    Budget left = free.poll();
    return left == null ? new Budget() : left;
  }

  /** Takes it back when the process has ended. */
  void putBack(Budget budget) {
    free.add(budget);
  }

  /** How many lines were left out and not told; to be called when all processes have ended. */
  long leftOut() {
    long all = 0;
    for (Budget each = free.poll(); each != null; each = free.poll()) {
      all += each.takeLeftOut();
    }
    return all;
  }

  /** That of one process; for one thread at a time. */
  static final class Budget {
    private boolean begun;
    private long minuteBegan;
    private int lines;
    private long leftOut;
    private boolean told;

    /**
     * To be called before each line.
     *
     * @return how many lines of the last minute were left out, if a new one begins; else 0
     */
    long beginMinute(long now) {
      if (begun && now - minuteBegan < MINUTE_NANOS) {
        return 0;
      }
      begun = true;
      minuteBegan = now;
      lines = 0;
      told = false;
      return takeLeftOut();
    }

    /** Whether a line may be logged; if not, it is counted. */
    boolean takeLine() {
      if (lines < MAX_LINES_PER_MINUTE) {
        lines++;
        return true;
      }
      leftOut++;
      return false;
    }

    /** How many lines were left out, at the end of a process; 0 for the second one in a minute. */
    long end() {
      if (told || leftOut == 0) {
        return 0;
      }
      told = true;
      return takeLeftOut();
    }

    private long takeLeftOut() {
      long all = leftOut;
      leftOut = 0;
      return all;
    }
  }
}
