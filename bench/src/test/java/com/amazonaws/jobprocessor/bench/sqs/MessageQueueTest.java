package com.amazonaws.jobprocessor.bench.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MessageQueueTest {
  private final MessageQueue queue =
      new MessageQueue("q", QueueAttributes.read(new JsonObject()), new Digests());

  private static long at(int seconds) {
    return TimeUnit.SECONDS.toNanos(seconds);
  }

  private String receiveAt(int seconds, int visibility) {
    return queue.receive(1, visibility, at(seconds)).getFirst().handle();
  }

  @Test
  void a_message_is_visible_again_when_its_time_is_over_and_not_before() {
    queue.send("x", List.of(), 0, at(0));
    receiveAt(0, 30);

    queue.expire(at(29));
    assertFalse(queue.hasVisible());
    queue.expire(at(30));
    assertTrue(queue.hasVisible());
    assertEquals(1, queue.state().expired());
  }

  @Test
  void a_longer_visibility_holds_instead_of_the_first_one() {
    queue.send("x", List.of(), 0, at(0));
    String handle = receiveAt(0, 30);
    queue.changeVisibility(handle, 30, at(20));

    queue.expire(at(49));
    assertFalse(queue.hasVisible());
    queue.expire(at(50));
    assertTrue(queue.hasVisible());
    assertThrows(SqsError.class, () -> queue.changeVisibility(handle, 30, at(50)));
  }

  @Test
  void a_timer_of_an_earlier_receive_does_not_cut_a_later_one() {
    queue.send("x", List.of(), 0, at(0));
    queue.changeVisibility(receiveAt(0, 30), 0, at(10));
    receiveAt(20, 30);

    queue.expire(at(30));
    assertEquals(1, queue.state().inFlight());
    queue.expire(at(50));
    assertEquals(0, queue.state().inFlight());
  }

  @Test
  void a_delayed_message_comes_later() {
    queue.send("x", List.of(), 5, at(0));
    assertEquals(1, queue.state().delayed());
    assertFalse(queue.hasVisible());
    assertEquals(at(5), queue.nextExpiry(at(60)));

    queue.expire(at(5));
    assertTrue(queue.hasVisible());
    assertEquals(0, queue.state().expired());
  }

  @Test
  void a_deleted_message_never_comes_back() {
    queue.send("x", List.of(), 0, at(0));
    String handle = receiveAt(0, 30);
    queue.delete(handle);
    queue.delete(handle);

    queue.expire(at(60));
    assertFalse(queue.hasVisible());
    assertEquals(new QueueState(1, 0, 0, 0, 1, 0, 0, at(0)), queue.state());
  }

  @Test
  void messages_come_in_their_order_up_to_as_many_as_are_asked_for() {
    for (int i = 0; i < 12; i++) {
      queue.send("m" + i, List.of(), 0, at(0));
    }
    assertEquals(10, queue.receive(10, 30, at(0)).size());
    assertEquals(
        List.of("m10", "m11"),
        queue.receive(10, 30, at(0)).stream().map(message -> message.body).toList());
  }

  @Test
  void lengths_are_those_of_utf8() {
    assertEquals(1 + 2 + 3 + 4, MessageQueue.utf8Length("aé東🚀"));
  }
}
