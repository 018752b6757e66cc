package com.amazonaws.jobprocessor.stats;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How old the oldest of the messages was that were received in the last minute or two. SQS tells
 * the age of the oldest message that waits only by way of CloudWatch; this is as near as one comes
 * without. Safe for use by several threads.
 */
final class OldestSeen {
  private static final Duration WINDOW = Duration.ofMinutes(1);

  private @Nullable Instant windowStart;
  private Duration now = Duration.ZERO;
  private Duration before = Duration.ZERO;
  private @Nullable Instant seenAt;

  /** A receive brought messages, of which the oldest was sent at the given moment. */
  synchronized void received(long sentAtMillis, Instant at) {
    rotate(at);
    Duration age = Duration.between(Instant.ofEpochMilli(sentAtMillis), at);
    if (age.compareTo(now) > 0) {
      now = age;
    }
    seenAt = at;
  }

  /** A receive brought nothing: for the moment no message waits. */
  synchronized void nothing() {
    seenAt = null;
    windowStart = null;
    now = Duration.ZERO;
    before = Duration.ZERO;
  }

  private void rotate(Instant at) {
    if (windowStart == null || Duration.between(windowStart, at).compareTo(WINDOW) >= 0) {
      boolean next =
          windowStart != null
              && Duration.between(windowStart, at).compareTo(WINDOW.plus(WINDOW)) < 0;
      before = next ? now : Duration.ZERO;
      now = Duration.ZERO;
      windowStart = at;
    }
  }

  /**
   * The greatest age; null if the last receive brought nothing.
   *
   * @param at this moment
   */
  synchronized Snapshot.@Nullable Oldest at(Instant at) {
    Instant last = seenAt;
    if (last == null) {
      return null;
    }
    return new Snapshot.Oldest(
        now.compareTo(before) > 0 ? now : before, Duration.between(last, at));
  }
}
