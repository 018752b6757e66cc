package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.MonotonicClock;
import com.amazonaws.jobprocessor.work.DrainDeadline;
import com.amazonaws.jobprocessor.work.call.Backoff;
import com.amazonaws.jobprocessor.work.call.Durations;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the lifecycle hook at the instance's end wait while the worker drains, and completes it once
 * when that is done. A group without such a hook is fine.
 *
 * <p>Of several hooks those are ours whose names begin with {@code job-processor}; a single one is
 * ours whatever its name. What others wait for is not ours to complete.
 */
final class HookKeeper {
  private static final Logger log = LoggerFactory.getLogger(BoxEnd.class);
  private static final String OURS = "job-processor";
  private static final int PER_TIMEOUT = 3;
  private static final String BEAT = "RecordLifecycleActionHeartbeat";
  private static final String COMPLETE = "CompleteLifecycleAction";

  /**
   * An instance that goes back to its group's warm pool passes the same states on its way as one
   * that ends; one that has only been launched into the pool is not at its end.
   */
  static final Predicate<String> BACK_TO_THE_POOL =
      state -> state.equals("InService") || state.startsWith("Terminating");

  /** Whatever the instance's lifecycle state is, it is at its end. */
  static final Predicate<String> END = _ -> true;

  /** The target state is known before the hook waits, and a call may be throttled. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final OwnBox box;
  private final BoxWorker worker;
  private final MonotonicClock clock;
  private final Said said;
  private final Predicate<String> comes;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean drained;

  /**
   * Has not asked for hooks yet.
   *
   * @param comes whether the hook of an instance in such a lifecycle state waits or will wait
   */
  HookKeeper(
      OwnBox box, BoxWorker worker, MonotonicClock clock, Said said, Predicate<String> comes) {
    this.box = box;
    this.worker = worker;
    this.clock = clock;
    this.said = said;
    this.comes = comes;
  }

  /** The worker is drained: the hooks can be completed. */
  void drained() {
    lock.lock();
    try {
      drained = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Keeps the hooks from the notice until they are completed. */
  void run() throws InterruptedException {
    long noticed = clock.nanoTime();
    List<OwnBox.Hook> hooks = find();
    if (hooks.isEmpty()) {
      return;
    }
    for (OwnBox.Hook hook : hooks) {
      worker.bringForward(before(noticed + hook.global().toNanos()));
    }
    beat(hooks, noticed);
    for (OwnBox.Hook hook : hooks) {
      complete(hook);
    }
  }

  private static DrainDeadline before(long end) {
    return DrainDeadline.judging(end - BoxEnd.BEFORE_THE_END.toNanos());
  }

  private List<OwnBox.Hook> find() throws InterruptedException {
    OwnBox.Membership membership =
        tried("DescribeAutoScalingInstances", box::membership, "no lifecycle hook is completed");
    if (membership == null || !comes.test(membership.lifecycleState())) {
      return List.of();
    }
    String group = membership.group();
    List<OwnBox.Hook> all =
        tried("DescribeLifecycleHooks", () -> box.hooks(group), "no lifecycle hook is completed");
    if (all == null || all.size() < 2) {
      return all == null ? List.of() : all;
    }
    List<OwnBox.Hook> ours = all.stream().filter(hook -> hook.name().startsWith(OURS)).toList();
    if (ours.isEmpty()) {
      said.once(
          "several lifecycle hooks wait for this instance's end, and no name begins with "
              + OURS
              + ": they are left to others");
    }
    return ours;
  }

  private interface Call<T> {
    @Nullable T make() throws CallFailed, InterruptedException;
  }

  /** Null if it was refused, or failed for too long; said then. */
  private <T> @Nullable T tried(String action, Call<T> call, String consequence)
      throws InterruptedException {
    Backoff backoff = new Backoff();
    long until = clock.nanoTime() + PATIENCE.toNanos();
    while (true) {
      try {
        T answer = call.make();
        said.worked(action);
        return answer;
      } catch (CallFailed e) {
        if (Said.isDenied(e) || until - clock.nanoTime() < 0) {
          said.failed(action, e, consequence);
          return null;
        }
      }
      backoff.pause(clock);
    }
  }

  /** Sends heartbeats until the worker is drained, three in the time that the hook waits. */
  private void beat(List<OwnBox.Hook> hooks, long noticed) throws InterruptedException {
    Duration shortest =
        hooks.stream().map(OwnBox.Hook::heartbeat).min(Duration::compareTo).orElseThrow();
    long every = Durations.part(shortest, PER_TIMEOUT).toNanos();
    while (!awaitDrained(0)) {
      for (OwnBox.Hook hook : hooks) {
        beat(hook, noticed);
      }
      awaitDrained(every);
    }
  }

  private void beat(OwnBox.Hook hook, long noticed) throws InterruptedException {
    try {
      box.heartbeat(hook);
      said.worked(BEAT);
    } catch (CallFailed e) {
      if (Said.isDenied(e)) {
        // It waits no longer than this: the drain has to be over by then.
        said.failed(
            BEAT,
            e,
            "the lifecycle hook waits for %s s only".formatted(hook.heartbeat().toSeconds()));
        worker.bringForward(before(noticed + hook.heartbeat().toNanos()));
      }
      // else the next one is soon enough
    }
  }

  private boolean awaitDrained(long nanos) throws InterruptedException {
    long until = clock.nanoTime() + nanos;
    lock.lock();
    try {
      for (long left = nanos; !drained && left > 0; left = until - clock.nanoTime()) {
        clock.await(changed, left);
      }
      return drained;
    } finally {
      lock.unlock();
    }
  }

  private void complete(OwnBox.Hook hook) throws InterruptedException {
    Backoff backoff = new Backoff();
    long until = clock.nanoTime() + Math.max(PATIENCE.toNanos(), hook.heartbeat().toNanos());
    while (true) {
      try {
        boolean waited = box.complete(hook);
        said.worked(COMPLETE);
        if (waited) {
          log.atInfo().addKeyValue("hook", hook.name()).log("lifecycle hook completed");
          return;
        }
        if (!stillComes()) {
          return;
        }
      } catch (CallFailed e) {
        if (Said.isDenied(e) || until - clock.nanoTime() < 0) {
          said.failed(COMPLETE, e, "the instance ends when the lifecycle hook's time is over");
          return;
        }
      }
      if (until - clock.nanoTime() < 0) {
        return;
      }
      backoff.pause(clock);
    }
  }

  /** Whether the hook may still begin to wait for this instance; once it has, it is over. */
  private boolean stillComes() throws InterruptedException {
    try {
      OwnBox.Membership membership = box.membership();
      return membership != null
          && !membership.lifecycleState().endsWith(":Proceed")
          && comes.test(membership.lifecycleState());
    } catch (CallFailed e) {
      return true;
    }
  }
}
