package com.amazonaws.jobprocessor.work.job;

import com.amazonaws.jobprocessor.port.ClaimRequest;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long a claim on a job is ours, on our own clock and never in our favour. Safe for use by
 * several threads.
 */
public final class ClaimLease {
  /**
   * Of a worker without a job table: nobody else can claim the job, and nothing is to be renewed.
   */
  public static final ClaimLease NONE = new ClaimLease();

  private static final long RETRY = Duration.ofSeconds(1).toNanos();

  /** A job that was claimed ahead of its slot costs no write more if it runs for less. */
  private static final long TOLD_AFTER = Duration.ofSeconds(1).toNanos();

  private final long length;
  private volatile @Nullable ClaimRequest request;
  private long end;
  private boolean untold;

  /** The renewal under way tells it. */
  private boolean telling;

  private long toldFrom;
  private boolean renewing;
  private boolean ended;
  private boolean lost;
  private long notBefore;

  private ClaimLease() {
    this.length = 0;
    this.ended = true;
  }

  /** Of a claim that was sent at the given moment. */
  public ClaimLease(ClaimRequest request, long sentAt) {
    this.request = request;
    this.length = request.lease().toNanos();
    this.end = sentAt + length;
    this.notBefore = sentAt;
  }

  /**
   * What was claimed.
   *
   * @throws IllegalStateException without a claim
   */
  public ClaimRequest request() {
    ClaimRequest made = request;
    if (made == null) {
      throw new IllegalStateException("no claim was made");
    }
    return made;
  }

  /** The job's payload has been fetched. */
  public synchronized void know(ClaimRequest.Payload payload) {
    ClaimRequest made = request;
    if (made != null) {
      request = made.with(payload);
    }
  }

  /** No slot is at hand for the job; to be told to the table by a renewal. */
  public synchronized void putAhead() {
    ClaimRequest made = request;
    if (made != null) {
      request = made.with(true);
    }
  }

  /** The job begins: a renewal tells the table, unless the job ends first. */
  public synchronized void begin(long now) {
    ClaimRequest made = request;
    if (made != null && made.ahead()) {
      request = made.with(false);
      untold = true;
      toldFrom = now + TOLD_AFTER;
    }
  }

  /** True if others may have the job. */
  public synchronized boolean isOver(long now) {
    return request != null && (lost || end - now <= 0);
  }

  /** True if a renewal is due: it is to be made, then {@link #renewed} or {@link #notRenewed}. */
  public synchronized boolean beginRenewal(long now) {
    boolean toTell = untold && toldFrom - now <= 0;
    if (ended || renewing || notBefore - now > 0 || (end - now >= length / 2 && !toTell)) {
      return false;
    }
    renewing = true;
    telling = untold;
    untold = false;
    return true;
  }

  /** The table took a renewal that was sent at the given moment. */
  public synchronized void renewed(long sentAt) {
    renewing = false;
    end = sentAt + length;
  }

  /** The renewal failed; the next is due in a while. */
  public synchronized void notRenewed(long now) {
    renewing = false;
    untold |= telling;
    notBefore = now + RETRY;
  }

  /** The claim is recorded or released: there is nothing to renew any more. */
  public synchronized void end() {
    ended = true;
  }

  /**
   * The table says that the claim is not ours, which ends it at once, however much of it our own
   * clock has left: that clock may have stood still with its machine.
   *
   * @return false if it had been recorded or released before
   */
  public synchronized boolean lose() {
    if (ended) {
      return false;
    }
    ended = true;
    lost = true;
    return true;
  }

  /** True after {@link #lose}. */
  public synchronized boolean isLost() {
    return lost;
  }

  /** True after {@link #end} or {@link #lose}. */
  public synchronized boolean hasEnded() {
    return ended;
  }
}
