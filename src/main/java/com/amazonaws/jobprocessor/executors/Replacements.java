package com.amazonaws.jobprocessor.executors;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** What happens when processes have to be replaced: a growing wait, and a line in the log. */
final class Replacements {
  private static final Logger log = LoggerFactory.getLogger(PersistentCommand.class);
  private static final int MAX_DOUBLINGS = 6;
  private static final long FIRST_MILLIS = 100;
  private static final long MAX_MILLIS = 5_000;
  private static final long MINUTE_NANOS = TimeUnit.MINUTES.toNanos(1);

  /** Half of the shortest time limit that a job may have. */
  private static final long MIN_LONGEST_MILLIS = 500;

  private volatile int inARow;

  /** What an attempt may take with its wait. */
  private volatile long longestMillis = MAX_MILLIS;

  private long toldAt;
  private boolean told;

  /** A job has been answered: it is not the program that is at fault. */
  void answered() {
    if (inARow > 0) {
      inARow = 0;
      longestMillis = MAX_MILLIS;
    }
  }

  /**
   * Waits at the end of an attempt that has cost its process, on the attempt's own account: the
   * next job finds a slot that may start another. What it has taken already is no part of a fast
   * loop: that counts, so that no long attempt comes closer to its time limit. An interrupt ends
   * the wait, and stays. It may be the time limit, which is then told in the failure's place: the
   * next waits keep to half of it.
   */
  void pause(Duration taken) {
    long start = System.nanoTime();
    try {
      Thread.sleep(nextMillis(taken));
    } catch (InterruptedException e) {
      long half = taken.plusNanos(System.nanoTime() - start).toMillis() / 2;
      longestMillis = Math.min(longestMillis, Math.max(half, MIN_LONGEST_MILLIS));
      Thread.currentThread().interrupt();
    }
  }

  /** As below, less what has been taken. */
  long nextMillis(Duration taken) {
    return Math.max(0, Math.min(nextMillis(), longestMillis) - taken.toMillis());
  }

  /** None after the first; then 100 ms, doubling up to five seconds, the half of it by chance. */
  synchronized long nextMillis() {
    int before = inARow++;
    if (before == 0) {
      return 0;
    }
    long longest = Math.min(MAX_MILLIS, FIRST_MILLIS << Math.min(before - 1, MAX_DOUBLINGS));
    return ThreadLocalRandom.current().nextLong(longest / 2, longest + 1);
  }

  /** Tells why a process is replaced between two jobs, once a minute; nothing of no reason. */
  void tell(String why) {
    if (!why.isEmpty() && isDue(System.nanoTime())) {
      // Not with the id of the job that comes next.
      Map<String, String> next = MDC.getCopyOfContextMap();
      MDC.clear();
      log.warn("a process of the command is replaced: {}", why);
      MDC.setContextMap(next == null ? Map.of() : next);
    }
  }

  private synchronized boolean isDue(long now) {
    if (told && now - toldAt < MINUTE_NANOS) {
      return false;
    }
    told = true;
    toldAt = now;
    return true;
  }
}
