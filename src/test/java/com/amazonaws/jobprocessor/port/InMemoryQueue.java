package com.amazonaws.jobprocessor.port;

import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Predicate;

/**
 * A standard queue in memory: visibility on a given clock, receive counts, a new receipt handle a
 * receive.
 */
public final class InMemoryQueue implements Backlog, OutputQueue {
  private static final class Stored {
    final String id;
    final OutgoingMessage message;
    long visibleAt;
    int received;
    String handle = "";

    Stored(String id, OutgoingMessage message, long visibleAt) {
      this.id = id;
      this.message = message;
      this.visibleAt = visibleAt;
    }
  }

  /** A call as it was made. */
  public record Call(String action, int entries, List<String> handles) {}

  private final String name;
  private final MonotonicClock clock;
  private final Map<String, Stored> messages = new LinkedHashMap<>();
  private final List<Call> calls = new ArrayList<>();
  private final ArrayDeque<CallFailed> failures = new ArrayDeque<>();
  private final ArrayDeque<Answer> answers = new ArrayDeque<>();
  private final Set<String> revived = new HashSet<>();
  private Predicate<OutgoingMessage> refused = _ -> false;
  private Chaos chaos = Chaos.NONE;
  private int sent;
  private boolean loseAnswer;
  private CountDownLatch hung = new CountDownLatch(0);
  private CountDownLatch longPolls = new CountDownLatch(0);

  public InMemoryQueue(String name, MonotonicClock clock) {
    this.name = name;
    this.clock = clock;
  }

  /** The next calls fail like this. */
  public synchronized void failNext(CallFailed... next) {
    failures.addAll(List.of(next));
  }

  /** The next entries of batches are answered like this, without effect. */
  public synchronized void answerNext(Answer... next) {
    answers.addAll(List.of(next));
  }

  /** From now on what is sent is refused for good if it is of that kind. */
  public synchronized void refuse(Predicate<OutgoingMessage> kind) {
    refused = kind;
  }

  /** The next send is not answered, and has no effect, until it is let go. */
  public synchronized void hangNext(CountDownLatch letGo) {
    hung = letGo;
  }

  /** From now on receives that find nothing wait until they are let go, or are interrupted. */
  public synchronized void holdLongPolls(CountDownLatch letGo) {
    longPolls = letGo;
  }

  /** The next send has its effect, but nobody hears of it. */
  public synchronized void loseNextAnswer() {
    loseAnswer = true;
  }

  public synchronized String put(String body) {
    return put(new OutgoingMessage(body, Map.of()));
  }

  public synchronized String put(OutgoingMessage message) {
    String id = name + "-" + ++sent;
    long visibleAt = clock.nanoTime() + Duration.ofSeconds(message.delaySecs()).toNanos();
    messages.put(id, new Stored(id, message, visibleAt));
    notifyAll();
    return id;
  }

  public synchronized List<OutgoingMessage> contents() {
    return messages.values().stream().map(stored -> stored.message).toList();
  }

  /** How often each message that is still there was received. */
  public synchronized List<Integer> receiveCounts() {
    return messages.values().stream().map(stored -> stored.received).toList();
  }

  public synchronized int invisible() {
    return (int)
        messages.values().stream()
            .filter(stored -> stored.visibleAt - clock.nanoTime() > 0)
            .count();
  }

  /** All calls, in their order. */
  public synchronized List<Call> calls() {
    return List.copyOf(calls);
  }

  public synchronized List<Call> calls(String action) {
    return calls.stream().filter(call -> call.action().equals(action)).toList();
  }

  /**
   * From now on calls fail now and then, half of them after their effect; messages in flight are
   * delivered to others as well, and some that were deleted come once more.
   */
  public synchronized void misbehave(Random seeded, double often) {
    chaos = new Chaos(seeded, often);
  }

  private void begin(String action, int entries, List<String> handles) throws CallFailed {
    chaos.before();
    calls.add(new Call(action, entries, List.copyOf(handles)));
    if (!failures.isEmpty()) {
      throw failures.remove();
    }
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public synchronized List<Delivery> receive(int max, Duration wait, Duration lease)
      throws CallFailed, InterruptedException {
    begin("receive", max, List.of());
    List<Delivery> found = visible(max, lease);
    // A short long poll: tests put messages at any time, and move the clock.
    long end = System.nanoTime() + 50_000_000;
    while (found.isEmpty() && (System.nanoTime() < end || longPolls.getCount() > 0)) {
      wait(Math.clamp(wait.toMillis(), 1, 10));
      found = visible(max, lease);
    }
    return found;
  }

  private List<Delivery> visible(int max, Duration lease) {
    List<Delivery> found = new ArrayList<>();
    Set<String> locked = lockedGroups();
    for (Stored stored : messages.values()) {
      if (found.size() < max
          && (stored.visibleAt - clock.nanoTime() <= 0 || chaos.strikes())
          && !locked.contains(String.valueOf(stored.message.group()))) {
        stored.received++;
        stored.visibleAt = clock.nanoTime() + lease.toNanos();
        stored.handle = stored.id + "#" + stored.received;
        found.add(
            new Delivery(
                stored.id,
                stored.handle,
                stored.message.body(),
                stored.message.attributes(),
                stored.received,
                null,
                stored.message.group()));
      }
    }
    return found;
  }

  /** As in a FIFO queue: while one of a group is in flight, no more of it are handed out. */
  private Set<String> lockedGroups() {
    Set<String> locked = new HashSet<>();
    for (Stored stored : messages.values()) {
      if (stored.message.group() != null && stored.visibleAt - clock.nanoTime() > 0) {
        locked.add(stored.message.group());
      }
    }
    return locked;
  }

  private Stored byHandle(String handle) {
    return messages.values().stream()
        .filter(s -> s.handle.equals(handle))
        .findFirst()
        .orElse(new Stored("", new OutgoingMessage("", Map.of()), 0));
  }

  @Override
  public synchronized List<Answer> changeVisibility(List<VisibilityChange> changes)
      throws CallFailed {
    begin(
        "changeVisibility",
        changes.size(),
        changes.stream().map(VisibilityChange::receiptHandle).toList());
    List<Answer> result = new ArrayList<>();
    for (VisibilityChange change : changes) {
      if (answers.isEmpty()) {
        byHandle(change.receiptHandle()).visibleAt =
            clock.nanoTime() + Duration.ofSeconds(change.seconds()).toNanos();
        notifyAll();
      }
      result.add(answers.isEmpty() ? Answer.ACCEPTED : answers.remove());
    }
    chaos.after();
    return result;
  }

  /** As SQS, a stale handle is answered with success and deletes nothing. */
  @Override
  public synchronized List<Answer> delete(List<String> receiptHandles) throws CallFailed {
    begin("delete", receiptHandles.size(), receiptHandles);
    List<Answer> result = new ArrayList<>();
    for (String handle : receiptHandles) {
      String id = byHandle(handle).id;
      if (answers.isEmpty() && !(chaos.strikes() && revived.add(id))) {
        messages.remove(id);
      }
      result.add(answers.isEmpty() ? Answer.ACCEPTED : answers.remove());
    }
    chaos.after();
    return result;
  }

  @Override
  public synchronized List<Answer> send(List<OutgoingMessage> batch)
      throws CallFailed, InterruptedException {
    begin("send", batch.size(), List.of());
    CountDownLatch letGo = hung;
    hung = new CountDownLatch(0);
    while (letGo.getCount() > 0) {
      wait(10); // others may call meanwhile
    }
    List<Answer> result = new ArrayList<>();
    for (OutgoingMessage message : batch) {
      if (refused.test(message)) {
        result.add(new Answer.Refused("InvalidParameterValue", "shorter than 262144 bytes"));
        continue;
      }
      if (answers.isEmpty()) {
        put(message);
      }
      result.add(answers.isEmpty() ? Answer.ACCEPTED : answers.remove());
    }
    chaos.after();
    if (loseAnswer) {
      loseAnswer = false;
      throw new CallFailed("Lost", "", CallFailed.Kind.UNKNOWN, new IllegalStateException());
    }
    return result;
  }
}
