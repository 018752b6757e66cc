package com.amazonaws.jobprocessor.work.room;

/** For how long slots have had jobs, all slots together. Not for several threads. */
final class BusyTime {
  private long nanos;
  private long since;

  /** None has had any. */
  BusyTime(long now) {
    this.since = now;
  }

  /** So many slots have had jobs until now: to be called before that number changes. */
  long upTo(long now, int busy) {
    nanos += busy * (now - since);
    since = now;
    return nanos;
  }
}
