package com.amazonaws.jobprocessor.client.read;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.client.ClientException;
import com.amazonaws.jobprocessor.client.send.SettableHalt;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class InboxTest {
  /** Hands out a, b and c at once, when it may. */
  private static final class ThreeMessages implements Backlog {
    final List<VisibilityChange> changes = new CopyOnWriteArrayList<>();
    final CountDownLatch asked = new CountDownLatch(1);
    final CountDownLatch mayAnswer = new CountDownLatch(1);
    final AtomicInteger failures = new AtomicInteger();
    final AtomicBoolean broken = new AtomicBoolean();
    volatile CallFailed.Kind failure = CallFailed.Kind.UNKNOWN;

    @Override
    public String name() {
      return "q";
    }

    @Override
    public List<Delivery> receive(int max, Duration wait, Duration lease)
        throws CallFailed, InterruptedException {
      asked.countDown();
      mayAnswer.await();
      return List.of("a", "b", "c").stream()
          .map(id -> new Delivery(id, "handle-" + id, "body", Map.of(), 1))
          .toList();
    }

    @Override
    public List<Answer> changeVisibility(List<VisibilityChange> some) throws CallFailed {
      if (failures.getAndDecrement() > 0) {
        throw new CallFailed("Lost", "no answer", failure, new Exception());
      }
      if (broken.getAndSet(false)) {
        throw new IllegalStateException("a bug");
      }
      changes.addAll(some);
      return Collections.nCopies(some.size(), Answer.ACCEPTED);
    }

    @Override
    public List<Answer> delete(List<String> handles) {
      return Collections.nCopies(handles.size(), Answer.ACCEPTED);
    }

    List<String> shown() {
      return changes.stream()
          .filter(change -> change.seconds() == 0)
          .map(VisibilityChange::receiptHandle)
          .sorted()
          .toList();
    }
  }

  /** Hands out ten messages at a time, and no more than SQS lets be in flight. */
  private static final class FullQueue implements Backlog {
    final Set<String> renewed = ConcurrentHashMap.newKeySet();
    final Set<String> shown = ConcurrentHashMap.newKeySet();
    final Set<Integer> seconds = ConcurrentHashMap.newKeySet();

    /** The first renewals are answered when so many have been asked for at the same time. */
    final CountDownLatch together = new CountDownLatch(8);

    int handedOut;

    @Override
    public String name() {
      return "q";
    }

    @Override
    public List<Delivery> receive(int max, Duration wait, Duration lease) {
      int from = handedOut;
      handedOut = Math.min(Inbox.MAX_HELD, from + max);
      return IntStream.range(from, handedOut)
          .mapToObj(i -> new Delivery("m" + i, "handle-" + i, "body", Map.of(), 1))
          .toList();
    }

    @Override
    public List<Answer> changeVisibility(List<VisibilityChange> some) throws InterruptedException {
      for (VisibilityChange change : some) {
        (change.seconds() == 0 ? shown : renewed).add(change.receiptHandle());
        seconds.add(change.seconds());
      }
      if (some.get(0).seconds() > 0) {
        together.countDown();
        together.await();
      }
      return Collections.nCopies(some.size(), Answer.ACCEPTED);
    }

    @Override
    public List<Answer> delete(List<String> handles) {
      return Collections.nCopies(handles.size(), Answer.ACCEPTED);
    }
  }

  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final AtomicLong clock = new AtomicLong();
  private final ThreeMessages queue = new ThreeMessages();
  private final SettableHalt halt = new SettableHalt();

  @Test
  void what_was_not_deleted_is_shown_again_at_the_end_even_if_a_call_fails() throws Exception {
    queue.mayAnswer.countDown();
    queue.failures.set(2);
    try (Inbox inbox = new Inbox(queue, halt)) {
      List<Delivery> messages = inbox.receive(Duration.ofSeconds(1));
      inbox.delete(messages.subList(0, 1));
      halt.ask();
    }

    assertEquals(List.of("handle-b", "handle-c"), queue.shown());
  }

  /** Who looks at a queue for days makes many. */
  @Test
  void of_an_inbox_that_is_closed_nothing_is_kept() {
    Inbox inbox = new Inbox(queue, halt);
    assertEquals(1, halt.lastResorts().size());
    inbox.close();
    assertEquals(List.of(), halt.lastResorts());
  }

  @Test
  void what_a_pending_receive_brings_after_the_end_is_shown_again() throws Exception {
    Inbox inbox = new Inbox(queue, halt);
    CompletableFuture<List<Delivery>> received =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return inbox.receive(Duration.ofSeconds(1));
              } catch (CallFailed | InterruptedException e) {
                throw new IllegalStateException(e);
              }
            });
    queue.asked.await();
    inbox.close();
    queue.mayAnswer.countDown();

    assertEquals(List.of(), received.get());
    assertEquals(List.of("handle-a", "handle-b", "handle-c"), queue.shown());
  }

  @Test
  void a_command_that_is_stopped_receives_nothing_more() throws Exception {
    halt.ask();
    try (Inbox inbox = new Inbox(queue, halt)) {
      assertEquals(List.of(), inbox.receive(Duration.ofSeconds(1)));
    }

    assertEquals(1, queue.asked.getCount());
  }

  @Test
  void what_is_held_is_kept_hidden_for_as_long_as_it_takes() throws Exception {
    queue.mayAnswer.countDown();
    try (Inbox inbox = new Inbox(queue, halt, Duration.ofSeconds(1))) {
      inbox.receive(Duration.ofSeconds(1));

      await().atMost(Duration.ofSeconds(30)).until(() -> queue.changes.size() >= 6);
      assertEquals(List.of(), queue.shown());
    }

    assertEquals(3, queue.shown().size());
  }

  @Test
  void what_is_to_be_shown_later_is_shown_at_the_end_if_that_is_sooner() throws Exception {
    queue.mayAnswer.countDown();
    try (Inbox inbox = new Inbox(queue, halt)) {
      inbox.showIn(20, inbox.receive(Duration.ofSeconds(1)));
      assertEquals(List.of(), queue.shown());
    }

    assertEquals(3, queue.shown().size());
  }

  private void receiveOf(Inbox inbox) throws Exception {
    queue.mayAnswer.countDown();
    assertEquals(3, inbox.receive(Duration.ofSeconds(1)).size());
  }

  @Test
  void a_lease_whose_renewal_failed_is_renewed_the_next_time() throws Exception {
    try (Inbox inbox = new Inbox(queue, halt, clock::get)) {
      receiveOf(inbox);
      inbox.renewDue();
      assertEquals(List.of(), queue.changes, "not yet");
      clock.addAndGet(31 * SECOND);
      queue.failure = CallFailed.Kind.REJECTED;
      queue.failures.set(1);
      inbox.renewDue();
      queue.broken.set(true);
      inbox.renewDue();
      assertEquals(List.of(), queue.changes);

      inbox.renewDue();
      assertEquals(3, queue.changes.size());
      assertEquals(60, queue.changes.get(0).seconds());
      inbox.renewDue();
      assertEquals(3, queue.changes.size(), "all are renewed");
      clock.addAndGet(31 * SECOND);
      inbox.renewDue();
      assertEquals(6, queue.changes.size());
    }
    assertEquals(3, queue.shown().size());
  }

  @Test
  void a_lease_that_is_over_is_neither_renewed_nor_cut_short() throws Exception {
    try (Inbox inbox = new Inbox(queue, halt, clock::get)) {
      receiveOf(inbox);
      clock.addAndGet(60 * SECOND);

      inbox.renewDue();
    }
    assertEquals(List.of(), queue.changes, "others may have them");
  }

  @Test
  void as_many_messages_as_sqs_lets_be_in_flight_are_renewed_side_by_side_and_for_longer()
      throws Exception {
    FullQueue full = new FullQueue();
    try (Inbox inbox = new Inbox(full, halt, clock::get)) {
      while (full.handedOut < Inbox.MAX_HELD) {
        assertEquals(10, inbox.receive(Duration.ofSeconds(1)).size());
      }
      clock.addAndGet(31 * SECOND);
      inbox.renewDue();

      assertEquals(Inbox.MAX_HELD, full.renewed.size());
      assertEquals(Set.of(13 * 60), full.seconds);
      clock.addAndGet(6 * 60 * SECOND);
      full.renewed.clear();
      inbox.renewDue();
      assertEquals(Set.of(), full.renewed, "not yet");

      ClientException thrown =
          assertThrows(ClientException.class, () -> inbox.receive(Duration.ofSeconds(1)));
      assertEquals(
          "120000 messages of q are held, and SQS shows no more of a queue at a time",
          thrown.getMessage());
    }
    assertEquals(Inbox.MAX_HELD, full.shown.size());
  }
}
