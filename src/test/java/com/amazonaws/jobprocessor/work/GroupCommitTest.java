package com.amazonaws.jobprocessor.work;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class GroupCommitTest {
  private final SettableClock clock = new SettableClock();
  private final List<Throwable> fatal = new CopyOnWriteArrayList<>();
  private final Calls calls = new Calls();
  private final GroupCommit<Numbered> lane =
      new GroupCommit<>(
          calls,
          Duration.ZERO,
          clock,
          new Outage(clock),
          new WorkThreads(fatal::add),
          new Vitals(clock));

  private record Numbered(Job job, int number) implements GroupCommit.Entry {
    @Override
    public int bytes() {
      return 1;
    }
  }

  /** Calls that fail or hang as a test says, and else work. */
  private static final class Calls implements GroupCommit.Channel<Numbered> {
    final Queue<CallFailed> failures = new ConcurrentLinkedQueue<>();
    final List<List<Integer>> begun = new CopyOnWriteArrayList<>();
    final List<Integer> accepted = new CopyOnWriteArrayList<>();
    final CountDownLatch letGo = new CountDownLatch(1);
    volatile boolean hang;
    volatile boolean repeat = true;

    @Override
    public String action() {
      return "SendMessageBatch";
    }

    @Override
    public String queue() {
      return "done";
    }

    @Override
    public List<Answer> call(List<Numbered> batch) throws CallFailed, InterruptedException {
      boolean hangs = hang;
      begun.add(batch.stream().map(Numbered::number).toList());
      CallFailed failure = failures.poll();
      if (failure != null) {
        throw failure;
      }
      if (hangs) {
        letGo.await(30, TimeUnit.SECONDS);
      }
      return batch.stream().map(_ -> Answer.ACCEPTED).toList();
    }

    @Override
    public void accepted(Numbered entry) {
      accepted.add(entry.number());
    }

    @Override
    public void refused(Numbered entry, String code, String message) {}

    @Override
    public void expired(Numbered entry) {}

    @Override
    public boolean mayRepeat(Numbered entry) {
      return repeat;
    }

    int entriesBegun() {
      return begun.stream().mapToInt(List::size).sum();
    }
  }

  @AfterEach
  void end() {
    calls.letGo.countDown();
    assertEquals(List.of(), fatal);
  }

  private void submit(int number) {
    Delivery delivery = new Delivery("m-" + number, "h", "b", Map.of(), 1);
    Lease lease = new Lease(clock.nanoTime(), Duration.ofHours(1));
    lane.submit(new Numbered(new Job(delivery, lease, 1, clock.nanoTime()), number));
  }

  private static CallFailed failure(CallFailed.Kind kind) {
    return new CallFailed("Test", "played", kind, new IllegalStateException());
  }

  @Test
  void entries_that_are_ready_do_not_wait_for_a_call_that_hangs() {
    calls.failures.add(failure(CallFailed.Kind.REJECTED));
    submit(0);
    await().until(() -> calls.begun.size() == 1); // and is paused now
    for (int i = 1; i < 25; i++) {
      submit(i);
    }
    calls.hang = true;
    clock.advance(Duration.ofSeconds(1));

    await().until(() -> calls.entriesBegun() == 1 + 25);
    calls.letGo.countDown();
    await().until(() -> calls.accepted.size() == 25);
    assertEquals(25, calls.accepted.stream().distinct().count());
  }

  /** The one whose call failed had nothing left to do; the other's call hangs. */
  @Test
  void an_entry_that_comes_during_a_pause_is_sent_after_it() {
    calls.hang = true;
    submit(0);
    await().until(() -> calls.begun.size() == 1);
    calls.repeat = false;
    calls.failures.add(failure(CallFailed.Kind.UNKNOWN));
    submit(1);
    clock.advance(Duration.ofMillis(250));
    await().until(() -> calls.begun.size() == 2);
    await().until(() -> lane.waiting() == 0);

    submit(2);
    clock.advance(Duration.ofSeconds(1));

    await().until(() -> calls.entriesBegun() == 3);
  }
}
