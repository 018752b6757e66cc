package com.amazonaws.jobprocessor.boss.page;

import com.amazonaws.jobprocessor.boss.store.Users;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Notes in the log of actions who was not let in: so many at once, then one a minute. Whoever
 * guesses for days fills no database with it; the other tries are told as a number by the next note
 * of a sign-in.
 */
final class RefusedSignIns {
  /** As many as strangers may try at once. */
  static final int AT_ONCE = 60;

  static final Duration REFILL = Duration.ofMinutes(1);

  private final Users users;
  private final Buckets notes = new Buckets(AT_ONCE, REFILL);
  private final AtomicLong unnoted = new AtomicLong();

  RefusedSignIns(Users users) {
    this.users = users;
  }

  /** The password was wrong. */
  void note(String name, String address, Instant now) {
    if (notes.take("", now).isZero()) {
      users.refused(name, address, takeUnnoted());
    } else {
      count();
    }
  }

  /** It was not even tried, since there were too many. */
  void count() {
    unnoted.incrementAndGet();
  }

  /** How many were not noted since the last note, which this one is to tell. */
  long takeUnnoted() {
    return unnoted.getAndSet(0);
  }
}
