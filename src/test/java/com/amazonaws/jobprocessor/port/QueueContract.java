package com.amazonaws.jobprocessor.port;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * What the worker expects of a queue; the one in SQS and the one in memory are held to it alike.
 */
public abstract class QueueContract {
  protected static final Duration NO_WAIT = Duration.ZERO;
  protected static final Duration MINUTE = Duration.ofSeconds(60);

  /** The queue as the worker takes from it. */
  protected abstract Backlog backlog();

  /** The same queue as the worker sends to it. */
  protected abstract OutputQueue outlet();

  private void send(String... bodies) throws Exception {
    List<Answer> answers =
        outlet()
            .send(
                List.of(bodies).stream().map(body -> new OutgoingMessage(body, Map.of())).toList());
    assertTrue(answers.stream().allMatch(Answer.Accepted.class::isInstance));
  }

  private List<Delivery> receive(Duration lease) throws Exception {
    return backlog().receive(10, NO_WAIT, lease);
  }

  @Test
  public void what_is_sent_comes_as_it_was_sent() throws Exception {
    Map<String, Attribute> attributes =
        Map.of("text", Attribute.of("é"), "number", new Attribute("Number.cents", "12", null));
    outlet().send(List.of(new OutgoingMessage("bödy 🚀", attributes)));

    Delivery delivery = receive(MINUTE).getFirst();

    assertEquals("bödy 🚀", delivery.body());
    assertEquals(attributes, delivery.attributes());
    assertEquals(1, delivery.receiveCount());
  }

  @Test
  public void binary_attributes_keep_their_bytes() throws Exception {
    outlet()
        .send(
            List.of(
                new OutgoingMessage(
                    "b", Map.of("bin", new Attribute("Binary", null, new byte[] {0, -1})))));

    Attribute binary = receive(MINUTE).getFirst().attributes().get("bin");

    assertTrue(binary != null && java.util.Arrays.equals(new byte[] {0, -1}, binary.binary()));
  }

  @Test
  public void a_receive_brings_no_more_than_asked_for_and_hides_what_it_brings() throws Exception {
    send(IntStream.range(0, 10).mapToObj(Integer::toString).toArray(String[]::new));

    assertEquals(3, backlog().receive(3, NO_WAIT, MINUTE).size());
    assertEquals(7, receive(MINUTE).size());
    assertEquals(0, receive(MINUTE).size());
  }

  @Test
  public void a_message_whose_lease_is_over_comes_again_with_another_handle() throws Exception {
    send("a");
    Delivery first = receive(Duration.ofSeconds(1)).getFirst();

    await().until(() -> !deliverAgain().isEmpty());

    assertEquals(2, again.receiveCount());
    assertEquals(first.messageId(), again.messageId());
    assertTrue(!first.receiptHandle().equals(again.receiptHandle()));
  }

  private Delivery again = new Delivery("", "", "", Map.of(), 0);

  private List<Delivery> deliverAgain() throws Exception {
    List<Delivery> deliveries = receive(MINUTE);
    if (!deliveries.isEmpty()) {
      again = deliveries.getFirst();
    }
    return deliveries;
  }

  @Test
  public void a_visibility_of_zero_gives_back_and_a_longer_one_keeps() throws Exception {
    send("a", "b");
    List<Delivery> both = receive(Duration.ofSeconds(1));
    List<Answer> answers =
        backlog()
            .changeVisibility(
                List.of(
                    new Backlog.VisibilityChange(both.getFirst().receiptHandle(), 0),
                    new Backlog.VisibilityChange(both.getLast().receiptHandle(), 60)));

    assertEquals(List.of(Answer.ACCEPTED, Answer.ACCEPTED), answers);
    assertEquals(
        List.of(both.getFirst().messageId()),
        receive(MINUTE).stream().map(Delivery::messageId).toList());
  }

  @Test
  public void what_is_deleted_does_not_come_again() throws Exception {
    send("a", "b");
    List<Delivery> both = receive(Duration.ofSeconds(1));
    assertEquals(
        List.of(Answer.ACCEPTED), backlog().delete(List.of(both.getFirst().receiptHandle())));

    await().until(() -> !deliverAgain().isEmpty());

    assertEquals(both.getLast().messageId(), again.messageId());
  }

  @Test
  public void a_long_poll_ends_when_a_message_comes() throws Exception {
    Thread sender =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    send("late");
                  } catch (Exception e) {
                    throw new IllegalStateException(e);
                  }
                });

    await().until(() -> !backlog().receive(10, Duration.ofSeconds(1), MINUTE).isEmpty());
    sender.join();
  }
}
