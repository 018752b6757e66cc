package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import java.time.Duration;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Protects this instance from its Auto Scaling group's scale-in while jobs are in hand, so that the
 * group shrinks by its idle boxes. Protection is taken at once, and released after a while without
 * a job; the while grows if jobs come again soon, since all boxes of an account share one rate of
 * calls. A box whose worker is drained is left as it is until the process ends.
 */
public final class BusyProtection {
  private static final long LOOK = Duration.ofSeconds(1).toNanos();
  private static final Duration SHORTEST = Duration.ofSeconds(10);
  private static final Duration LONGEST = Duration.ofMinutes(5);
  private static final int SAID_AFTER = 5;
  private static final String DESCRIBE = "DescribeAutoScalingInstances";
  private static final String PROTECT = "SetInstanceProtection";

  private final OwnBox box;
  private final BoxWorker worker;
  private final MonotonicClock clock;
  private final Said said;
  private final ReentrantLock one = new ReentrantLock();
  private @Nullable String group;
  private @Nullable Boolean isProtected;

  /** It was asked for, and not ended since: also if no answer has come. */
  private boolean mayBeOn;

  private long idleSince;
  private @Nullable Long releasedAt;
  private long notBefore;
  private Duration quiet = SHORTEST;
  private int failures;
  private boolean drained;

  /** Not to be used before the worker takes jobs. */
  public BusyProtection(OwnBox box, BoxWorker worker, MonotonicClock clock, Said said) {
    this.said = said;
    this.box = box;
    this.worker = worker;
    this.clock = clock;
    this.idleSince = clock.nanoTime();
    this.notBefore = idleSince;
  }

  /** Looks again and again, until interrupted. */
  public void run() throws InterruptedException {
    while (true) {
      look();
      clock.sleep(LOOK);
    }
  }

  /** Looks once. */
  void look() throws InterruptedException {
    one.lockInterruptibly();
    try {
      adjust();
    } finally {
      one.unlock();
    }
  }

  /**
   * Ends the protection if it may be on, for a process that ends: nobody else would, and the group
   * could not scale in by this instance. The worker is drained.
   */
  public void release() throws InterruptedException {
    one.lockInterruptibly();
    try {
      if (mayBeOn) {
        set(false, clock.nanoTime());
      }
    } finally {
      one.unlock();
    }
  }

  private void adjust() throws InterruptedException {
    long now = clock.nanoTime();
    if (worker.isDrained()) {
      drained = true; // it is being taken, or is in a warm pool, where the group refuses
      return;
    }
    if (drained) {
      drained = false;
      isProtected = null; // who knows, after all that
      idleSince = now;
    }
    boolean busy = worker.isBusy();
    if (busy) {
      idleSince = now;
    }
    boolean wanted = busy || now - idleSince < quiet.toNanos();
    if (isProtected == null ? !busy && wanted : isProtected == wanted) {
      return; // as it should be, or too early to tell
    }
    if (notBefore - now <= 0) {
      set(wanted, now);
    }
  }

  private void set(boolean on, long now) throws InterruptedException {
    String action = DESCRIBE;
    try {
      String name = group == null ? nameOfGroup() : group;
      group = name;
      if (name == null) {
        said.once("protect_while_busy has no effect: this instance is in no Auto Scaling group");
        failed(now);
        return;
      }
      action = PROTECT;
      mayBeOn |= on;
      box.protect(name, on);
      mayBeOn = on;
      said.worked(action);
      failures = 0;
      isProtected = on;
      adapt(on, now);
    } catch (CallFailed e) {
      group = null; // it may have left the group
      failed(now);
      // Until the instance is in service the group refuses.
      if (Said.isDenied(e) || failures > SAID_AFTER) {
        said.failed(action, e, "a scale-in may take this instance at work");
      }
    }
  }

  private @Nullable String nameOfGroup() throws CallFailed, InterruptedException {
    OwnBox.Membership membership = box.membership();
    said.worked(DESCRIBE);
    return membership == null ? null : membership.group();
  }

  private void failed(long now) {
    long step = SHORTEST.toNanos() << Math.min(failures, 10);
    failures++;
    notBefore = now + Math.min(step, LONGEST.toNanos());
  }

  private void adapt(boolean on, long now) {
    if (!on) {
      releasedAt = now;
    } else if (releasedAt != null && now - releasedAt < 6 * quiet.toNanos()) {
      Duration twice = quiet.plus(quiet);
      quiet = twice.compareTo(LONGEST) < 0 ? twice : LONGEST;
    } else {
      quiet = SHORTEST;
    }
  }
}
