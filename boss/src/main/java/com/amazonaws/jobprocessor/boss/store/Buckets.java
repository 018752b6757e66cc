package com.amazonaws.jobprocessor.boss.store;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often something may be tried by each of many: so many times at once, then once in so long.
 * Remembers a bounded number of them, the latest. Safe for use by several threads.
 */
public final class Buckets {
  private static final int MAX_KEYS = 10_000;

  private final int size;
  private final Duration refill;

  /** When each will be full again, oldest use first. */
  private final Map<String, Instant> full = new LinkedHashMap<>(16, 0.75f, true);

  /**
   * Buckets.
   *
   * @param size tries at once
   * @param refill after which there is one more
   */
  public Buckets(int size, Duration refill) {
    this.size = size;
    this.refill = refill;
  }

  /**
   * Takes one try.
   *
   * @return zero if it may be made, else how long to wait for the next
   */
  public synchronized Duration take(String key, Instant now) {
    Instant wait = wait(key, now);
    if (wait.isAfter(now)) {
      return Duration.between(now, wait);
    }
    Instant from = fullAt(key, now);
    full.put(key, from.plus(refill));
    if (full.size() > MAX_KEYS) {
      full.remove(full.keySet().iterator().next());
    }
    return Duration.ZERO;
  }

  /** Gives one back: the try did no harm. */
  public synchronized void giveBack(String key) {
    full.computeIfPresent(key, (_, at) -> at.minus(refill));
  }

  private Instant wait(String key, Instant now) {
    return fullAt(key, now).plus(refill).minus(refill.multipliedBy(size));
  }

  private Instant fullAt(String key, Instant now) {
    Instant at = full.get(key);
    if (at == null || at.isBefore(now)) {
      return now;
    }
    // Later than an empty one's: the clock was set back, which must lock nobody out.
    return at.isAfter(now.plus(refill.multipliedBy(size))) ? now : at;
  }
}
