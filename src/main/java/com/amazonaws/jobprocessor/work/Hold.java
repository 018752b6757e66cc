package com.amazonaws.jobprocessor.work;

import java.time.Duration;

/**
 * How long a claim on a job is ours, on our own clock and never in our favour. Safe for use by
 * several threads.
 */
final class Hold {
  private static final long RETRY = Duration.ofSeconds(1).toNanos();

  private volatile Claim claim;
  private final long length;
  private volatile long end;
  private boolean renewing;
  private boolean over;
  private long notBefore;

  /** Of a claim that was sent at the given moment. */
  Hold(Claim claim, long sentAt) {
    this.claim = claim;
    this.length = claim.lease().toNanos();
    this.end = sentAt + length;
    this.notBefore = sentAt;
  }

  Claim claim() {
    return claim;
  }

  /** The job's payload has been fetched. */
  void know(Claim.Payload payload) {
    claim = claim.with(payload);
  }

  /** True if others may have the job. */
  boolean isOver(long now) {
    return end - now <= 0;
  }

  /** True if a renewal is due: it is to be made, then {@link #renewed} or {@link #notRenewed}. */
  synchronized boolean beginRenewal(long now) {
    if (over || renewing || notBefore - now > 0 || end - now >= length / 2) {
      return false;
    }
    renewing = true;
    return true;
  }

  /** The table took a renewal that was sent at the given moment. */
  synchronized void renewed(long sentAt) {
    renewing = false;
    end = sentAt + length;
  }

  /** The renewal failed; the next is due in a while. */
  synchronized void notRenewed(long now) {
    renewing = false;
    notBefore = now + RETRY;
  }

  /** The claim is recorded or released: there is nothing to renew any more. */
  synchronized void end() {
    over = true;
  }

  /** The table says that the job is not ours: whatever is left of the lease, others may have it. */
  synchronized void lose(long now) {
    over = true;
    end = now;
  }

  /** True after {@link #end} or {@link #lose}. */
  synchronized boolean hasEnded() {
    return over;
  }
}
