package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An instance that remembers what it was asked for. */
final class InMemoryOwnBox implements OwnBox {
  private final List<String> calls = new ArrayList<>();
  private final Map<String, List<CallFailed>> failures = new HashMap<>();
  private final Map<String, Runnable> events = new HashMap<>();
  private final List<Hook> hooks = new ArrayList<>();
  private @Nullable Membership membership;
  private boolean atMinimum;
  private boolean hookWaits = true;

  synchronized InMemoryOwnBox inGroup() {
    membership = new Membership("workers", "InService");
    return this;
  }

  synchronized InMemoryOwnBox lifecycleState(String state) {
    membership = new Membership("workers", state);
    return this;
  }

  synchronized InMemoryOwnBox hook(String name, int heartbeatSecs, int globalSecs) {
    hooks.add(
        new Hook(
            "workers", name, Duration.ofSeconds(heartbeatSecs), Duration.ofSeconds(globalSecs)));
    return this;
  }

  synchronized void atMinimum(boolean so) {
    atMinimum = so;
  }

  synchronized void hookWaits(boolean so) {
    hookWaits = so;
  }

  /** The next calls fail so often; -1 for all. */
  synchronized void fail(String call, int times, String code) {
    CallFailed failure =
        new CallFailed(
            call.equals("end") ? Service.EC2 : Service.AUTO_SCALING,
            code,
            "refused",
            CallFailed.Kind.REJECTED,
            true,
            new IllegalStateException());
    for (int i = 0; i < (times < 0 ? 100_000 : times); i++) {
      failures.computeIfAbsent(call, _ -> new ArrayList<>()).add(failure);
    }
  }

  /** What happens during the calls of a kind, before they are answered. */
  synchronized void during(String call, Runnable event) {
    events.put(call, event);
  }

  synchronized void heal(String call) {
    failures.remove(call);
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  /** How many calls there were of a kind. */
  synchronized int count(String call) {
    return (int) calls.stream().filter(made -> made.startsWith(call)).count();
  }

  private void made(String call, String detail) throws CallFailed {
    Runnable event;
    synchronized (this) {
      calls.add((call + " " + detail).strip());
      event = events.remove(call);
    }
    if (event != null) {
      event.run();
    }
    failIfSo(call);
  }

  private synchronized void failIfSo(String call) throws CallFailed {
    List<CallFailed> next = failures.getOrDefault(call, List.of());
    if (!next.isEmpty()) {
      throw next.removeFirst();
    }
  }

  @Override
  public @Nullable Membership membership() throws CallFailed {
    made("membership", "");
    return membership;
  }

  @Override
  public boolean isAtMinimum(String group) throws CallFailed {
    made("isAtMinimum", group);
    return atMinimum;
  }

  @Override
  public List<Hook> hooks(String group) throws CallFailed {
    made("hooks", group);
    return List.copyOf(hooks);
  }

  @Override
  public boolean heartbeat(Hook hook) throws CallFailed {
    made("heartbeat", hook.name());
    return hookWaits;
  }

  @Override
  public boolean complete(Hook hook) throws CallFailed {
    made("complete", hook.name());
    return hookWaits;
  }

  @Override
  public GroupAnswer endInGroup() throws CallFailed {
    made("endInGroup", "");
    if (membership == null) {
      return GroupAnswer.NO_MEMBER;
    }
    return atMinimum ? GroupAnswer.AT_MINIMUM : GroupAnswer.ENDS;
  }

  @Override
  public void end() throws CallFailed {
    made("end", "");
  }

  @Override
  public void protect(String group, boolean on) throws CallFailed {
    made("protect", group + " " + on);
  }
}
