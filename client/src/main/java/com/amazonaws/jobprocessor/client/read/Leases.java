package com.amazonaws.jobprocessor.client.read;

import com.amazonaws.jobprocessor.message.Delivery;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** The messages that only we see, and until when. Makes no calls; safe for threads. */
final class Leases {
  /**
   * Of more messages each is held for longer at a time, so that their renewals do not take longer
   * than they last: 1,000 calls in half of it, whatever is held.
   */
  private static final int MANY = 10_000;

  /**
   * A message that only we see; all moments are of the clock.
   *
   * @param until others see it again
   * @param renewAt when half of its lease is over
   * @param kept false if it is to be seen again by itself
   */
  record Held(String messageId, String handle, long until, long renewAt, boolean kept) {}

  private final Duration lease;
  private final LongSupplier nanoTime;
  private final Map<String, Held> held = new HashMap<>();

  /**
   * None is held.
   *
   * @param lease in whole seconds
   */
  Leases(Duration lease, LongSupplier nanoTime) {
    this.lease = lease;
    this.nanoTime = nanoTime;
  }

  long now() {
    return nanoTime.getAsLong();
  }

  synchronized int count() {
    return held.size();
  }

  /** Messages were received. */
  synchronized void hold(List<Delivery> messages, long askedAt) {
    for (Delivery message : messages) {
      put(message.messageId(), message.receiptHandle(), askedAt, lease.toNanos(), true);
    }
  }

  /** Messages are hidden for so long, and then for others to see. */
  synchronized void hide(List<Delivery> messages, int seconds) {
    long nanos = TimeUnit.SECONDS.toNanos(seconds);
    for (Delivery message : messages) {
      put(message.messageId(), message.receiptHandle(), now(), nanos, false);
    }
  }

  private void put(String messageId, String handle, long from, long nanos, boolean kept) {
    held.put(messageId, new Held(messageId, handle, from + nanos, from + nanos / 2, kept));
  }

  synchronized void forget(Delivery message) {
    held.remove(message.messageId());
  }

  /** Those that are to be renewed now. What others may have by now is ours no longer. */
  synchronized List<Held> due() {
    long now = now();
    held.values().removeIf(one -> one.until() - now <= 0);
    List<Held> due = new ArrayList<>();
    for (Held one : held.values()) {
      if (one.kept() && one.renewAt() - now <= 0) {
        due.add(one);
      }
    }
    return due;
  }

  /** For how many seconds leases are renewed. */
  synchronized int seconds() {
    return (int) lease.toSeconds() * (1 + held.size() / MANY);
  }

  /** SQS has renewed a lease, which it was asked for at that moment. */
  synchronized void renewed(Held before, int seconds, long askedAt) {
    if (before.equals(held.get(before.messageId()))) {
      long nanos = TimeUnit.SECONDS.toNanos(seconds);
      put(before.messageId(), before.handle(), askedAt, nanos, true);
    }
  }

  /** Holds nothing any longer; returns the handles of what nobody else can have yet. */
  synchronized List<String> clear() {
    long now = now();
    List<String> handles =
        held.values().stream().filter(one -> one.until() - now > 0).map(Held::handle).toList();
    held.clear();
    return handles;
  }
}
