package com.amazonaws.jobprocessor.stats;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * One job for each bucket of a histogram: the first after somebody has last asked for them. So a
 * job that is counted costs one look at memory that hardly ever changes, and no allocation.
 */
final class Exemplars {
  private static final double MICROS_PER_SECOND = 1_000_000;

  private final InstantSource wallClock;

  /** Those since the last question; null where one is wanted. */
  private final AtomicReferenceArray<@Nullable Exemplar> fresh;

  private final @Nullable Exemplar[] last;

  /** None for so many buckets. */
  Exemplars(int buckets, InstantSource wallClock) {
    this.wallClock = wallClock;
    this.fresh = new AtomicReferenceArray<>(buckets);
    this.last = new Exemplar[buckets];
  }

  /** A job was counted in a bucket. */
  void offer(int bucket, long micros, String jobId) {
    if (fresh.getOpaque(bucket) == null) {
      fresh.set(bucket, new Exemplar(jobId, micros / MICROS_PER_SECOND, wallClock.instant()));
    }
  }

  /** The last ones, those of short lengths first; wants new ones from now on. */
  synchronized List<Exemplar> take() {
    List<Exemplar> all = new ArrayList<>();
    for (int i = 0; i < last.length; i++) {
      Exemplar newer = fresh.getAndSet(i, null);
      Exemplar one = newer == null ? last[i] : newer;
      last[i] = one;
      if (one != null) {
        all.add(one);
      }
    }
    return all;
  }
}
