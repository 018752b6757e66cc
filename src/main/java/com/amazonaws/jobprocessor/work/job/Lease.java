package com.amazonaws.jobprocessor.work.job;

import java.time.Duration;

/**
 * How long a delivery is ours, on our own clock and never in our favour: counted from the moment at
 * which the receive or the renewal was sent. State and arithmetic only; safe for use by several
 * threads.
 */
public final class Lease {
  /**
   * SQS keeps a message invisible for at most 12 hours from its receive (ChangeMessageVisibility,
   * API reference).
   */
  public static final Duration MAX_LEASE = Duration.ofHours(12);

  private static final long MARGIN = Duration.ofMinutes(1).toNanos();

  /** An attempt that is interrupted has until then to end, and to have its dead letter sent. */
  private static final long DEAD_LETTER_MARGIN = Duration.ofMinutes(1).toNanos();

  private static final long MIN_GAIN = Duration.ofSeconds(5).toNanos();

  private final long length;
  private final long limit;
  private volatile long end;
  private volatile int renewals;

  /**
   * A lease as a receive grants it.
   *
   * @param sentAt when the receive was sent
   * @param length the visibility timeout that it asked for, at most twelve hours
   */
  public Lease(long sentAt, Duration length) {
    this.length = length.toNanos();
    this.limit = sentAt + MAX_LEASE.toNanos() - MARGIN;
    this.end = sentAt + this.length;
  }

  /** True if others may have the message. */
  public boolean isOver(long now) {
    return end - now <= 0;
  }

  /** True if less than half is left. */
  public boolean isShort(long now) {
    return end - now < length / 2;
  }

  /** True if a renewal is due and would gain something; the last one may gain little. */
  public boolean wantsRenewal(long now) {
    return isShort(now) && now + longest(now) - end > Math.min(length / 100, MIN_GAIN);
  }

  /** True if the job has to end now, since in a minute the lease will be renewed no more. */
  public boolean isAtLimit(long now) {
    return limit - DEAD_LETTER_MARGIN - now <= 0;
  }

  /** True if it is so long since the receive that a job may not have the time that it needs. */
  public boolean isLate(long now) {
    return limit - now < MAX_LEASE.toNanos() / 2;
  }

  /** Seconds that a renewal sent now may ask for; 0 if none is worth asking for. */
  public int renewalSeconds(long now) {
    return (int) Duration.ofNanos(longest(now)).toSeconds();
  }

  /** The given wait, cut to what SQS still allows, in whole seconds, rounded up. */
  public int cutToLimit(Duration wait, long now) {
    long seconds = wait.plusNanos(999_999_999).toSeconds();
    return (int) Math.max(0, Math.min(seconds, Duration.ofNanos(limit - now).toSeconds()));
  }

  /** How long it is when a receive grants it. */
  public Duration length() {
    return Duration.ofNanos(length);
  }

  /** How often it has been renewed. */
  public int renewals() {
    return renewals;
  }

  /** When the lease is over. */
  public long end() {
    return end;
  }

  /**
   * A change of visibility to so many seconds is being sent: from now on the message may be visible
   * to others as soon as they have passed, whatever becomes of the call.
   */
  public void shorten(long sentAt, int seconds) {
    long newEnd = sentAt + Duration.ofSeconds(seconds).toNanos();
    if (newEnd - end < 0) {
      end = newEnd;
    }
  }

  /** The change that shortened the lease had no effect, SQS says: it lasts as long as before. */
  public void restore(long formerEnd) {
    end = formerEnd;
  }

  /** Takes note of a renewal that SQS accepted. */
  @SuppressWarnings("NonAtomicVolatileUpdate") // one change of visibility a message at a time
  public void renewed(long sentAt, int seconds) {
    renewals++;
    end = sentAt + Duration.ofSeconds(seconds).toNanos();
  }

  /** Nothing may be sent for this delivery any more: SQS said that it is not ours. */
  public void lose(long now) {
    end = now;
  }

  private long longest(long now) {
    return Math.max(0, Math.min(length, limit - now));
  }
}
