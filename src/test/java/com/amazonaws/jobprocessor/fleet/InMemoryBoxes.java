package com.amazonaws.jobprocessor.fleet;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Boxes that are nowhere. */
final class InMemoryBoxes implements Boxes {
  private final List<Box> all = new ArrayList<>();
  private final Map<String, Launch> launches = new LinkedHashMap<>();
  private final Map<String, List<CallFailed>> failures = new HashMap<>();
  private final List<String> calls = new ArrayList<>();
  private final List<String> lost = new ArrayList<>();
  private final List<String> unlisted = new ArrayList<>();
  private boolean broken;
  private boolean late;
  private Capacity capacity = new Capacity(0, 10, 1);

  synchronized void up(String id, String backlog) {
    add(id, backlog, "", Box.State.RUNNING);
  }

  synchronized void add(String id, String backlog, String group, Box.State state) {
    all.add(
        new Box(
            id,
            backlog,
            group,
            new Box.Machine("c7i.large", "us-east-1a", false),
            Instant.EPOCH,
            new Box.Condition(state, "")));
  }

  /** The next calls fail so often. */
  synchronized void fail(String call, int times, String code, Service service) {
    fail(call, times, code, service, CallFailed.Kind.REJECTED);
  }

  /** The next calls fail so often, without an effect. */
  synchronized void fail(
      String call, int times, String code, Service service, CallFailed.Kind kind) {
    for (int i = 0; i < times; i++) {
      failures
          .computeIfAbsent(call, _ -> new ArrayList<>())
          .add(new CallFailed(service, code, "refused", kind, true, new IllegalStateException()));
    }
  }

  /** The next such call has its effect, and its answer is lost. */
  synchronized void loseAnswer(String call) {
    lost.add(call);
  }

  private void answered(String call) throws CallFailed {
    if (lost.remove(call)) {
      throw new CallFailed(
          call.equals("desire") ? Service.AUTO_SCALING : Service.EC2,
          "ApiCallTimeoutException",
          "no answer",
          CallFailed.Kind.UNKNOWN,
          true,
          new IllegalStateException());
    }
  }

  /** What is launched from now on is listed only after {@link #catchUp}. */
  synchronized void lag() {
    late = true;
  }

  /** EC2 lists all that it has launched. */
  synchronized void catchUp() {
    late = false;
    unlisted.clear();
  }

  /** The next call throws what no port should. */
  synchronized void breakNext() {
    broken = true;
  }

  synchronized List<String> calls() {
    return List.copyOf(calls);
  }

  synchronized List<Launch> launches() {
    return List.copyOf(launches.values());
  }

  private void made(String call) throws CallFailed {
    calls.add(call);
    if (broken) {
      broken = false;
      throw new IllegalStateException("no sense");
    }
    List<CallFailed> next = failures.getOrDefault(call.split(" ", 2)[0], List.of());
    if (!next.isEmpty()) {
      throw next.removeFirst();
    }
  }

  @Override
  public synchronized List<Box> list(@Nullable String backlog) throws CallFailed {
    made("list");
    return all.stream()
        .filter(box -> backlog == null || box.backlog().equals(backlog))
        .filter(box -> box.state() != Box.State.TERMINATED && !unlisted.contains(box.id()))
        .toList();
  }

  @Override
  public synchronized List<Box> find(Collection<String> ids) throws CallFailed {
    made("find");
    return all.stream().filter(box -> ids.contains(box.id())).toList();
  }

  @Override
  public synchronized List<Box> launchedWith(Collection<String> clientTokens) throws CallFailed {
    made("launchedWith");
    return clientTokens.stream()
        .flatMap(token -> launched(token).stream())
        .filter(box -> !unlisted.contains(box.id()))
        .toList();
  }

  private List<Box> launched(String clientToken) {
    return all.stream().filter(box -> box.id().startsWith("i-" + clientToken + "-")).toList();
  }

  @Override
  public synchronized List<Box> launch(Launch launch) throws CallFailed {
    made("launch " + launch.count());
    if (launches.putIfAbsent(launch.clientToken(), launch) == null) {
      for (int i = 0; i < launch.count(); i++) {
        String id = "i-" + launch.clientToken() + "-" + i;
        add(id, launch.backlog(), "", Box.State.PENDING);
        if (late) {
          unlisted.add(id);
        }
      }
    }
    answered("launch");
    return launched(launch.clientToken());
  }

  @Override
  public synchronized void terminate(Collection<String> ids) throws CallFailed {
    made("terminate");
  }

  @Override
  public synchronized void terminateInGroup(String id) throws CallFailed {
    made("terminateInGroup");
  }

  @Override
  public synchronized Capacity capacity(String group) throws CallFailed {
    made("capacity " + group);
    return capacity;
  }

  @Override
  public synchronized void desire(String group, int desired) throws CallFailed {
    made("desire " + desired);
    capacity = new Capacity(capacity.min(), capacity.max(), desired);
    answered("desire");
  }

  synchronized void capacity(int min, int max, int desired) {
    capacity = new Capacity(min, max, desired);
  }

  @Override
  public synchronized String console(String id) throws CallFailed {
    made("console");
    return "";
  }

  @Override
  public void close() {}
}
