package com.amazonaws.jobprocessor.client.read;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.client.send.SettableHalt;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
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
        throw new CallFailed("Lost", "no answer", CallFailed.Kind.UNKNOWN, new Exception());
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
}
