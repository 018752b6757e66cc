package com.amazonaws.jobprocessor.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

@Timeout(60)
class EmbeddedSqsIT {

  private static final int MIB = 1 << 20;
  private static EmbeddedSqs sqs;

  @BeforeAll
  static void start() {
    sqs = EmbeddedSqs.start();
  }

  @AfterAll
  static void stop() {
    sqs.close();
  }

  @Test
  void what_is_sent_is_received_with_its_attributes() {
    sqs.createQueue("attributes");
    String id = sqs.sendWithAttributes("attributes", "body", Map.of("job_id", "j-1"));
    Message message = one(sqs.receiveAll("attributes"));
    assertEquals(id, message.messageId());
    assertEquals("body", message.body());
    assertEquals("j-1", message.messageAttributes().get("job_id").stringValue());
    assertEquals("1", count(message));
    assertTrue(message.attributes().containsKey(MessageSystemAttributeName.SENT_TIMESTAMP));
  }

  @Test
  void a_hundred_bodies_go_in_batches_and_all_come_back() {
    sqs.createQueue("hundred");
    List<String> bodies = IntStream.range(0, 100).mapToObj(i -> "body " + i).toList();
    List<String> ids = sqs.send("hundred", bodies);
    assertEquals(100, ids.stream().distinct().count());
    assertEquals(new EmbeddedSqs.Counts(100, 0, 0), sqs.counts("hundred"));
    assertEquals(
        bodies.stream().sorted().toList(),
        sqs.receiveAll("hundred").stream().map(Message::body).sorted().toList());
    assertEquals(new EmbeddedSqs.Counts(0, 100, 0), sqs.counts("hundred"));
  }

  @Test
  void a_message_that_is_given_back_is_received_again_and_counted() {
    String url = sqs.createQueue("again");
    sqs.send("again", "x");
    Message first = one(sqs.receiveAll("again"));
    sqs.client()
        .changeMessageVisibility(
            r -> r.queueUrl(url).receiptHandle(first.receiptHandle()).visibilityTimeout(0));
    assertEquals("2", count(one(sqs.receiveAll("again"))));
  }

  @Test
  void the_visibility_timeout_of_a_receive_holds_for_its_messages() {
    String url = sqs.createQueue("short");
    sqs.send("short", "x");
    one(sqs.client().receiveMessage(r -> r.queueUrl(url).visibilityTimeout(40)).messages());
    assertEquals(new EmbeddedSqs.Counts(0, 1, 0), sqs.counts("short"));
    sqs.send("short", "y");
    one(sqs.client().receiveMessage(r -> r.queueUrl(url).visibilityTimeout(1)).messages());
    Awaitility.await()
        .atMost(Duration.ofSeconds(30))
        .until(() -> sqs.counts("short").visible() == 1);
  }

  @Test
  void a_long_poll_is_answered_when_a_message_arrives() throws Exception {
    String url = sqs.createQueue("long");
    var answer =
        new FutureTask<>(
            () -> sqs.client().receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)).messages());
    long start = System.nanoTime();
    Thread.ofVirtual().start(answer);
    sqs.send("long", "x");
    assertEquals("x", one(answer.get()).body());
    assertTrue(System.nanoTime() - start < Duration.ofSeconds(19).toNanos());
  }

  @Test
  void a_long_poll_ends_empty_after_its_time() {
    String url = sqs.createQueue("empty");
    long start = System.nanoTime();
    assertEquals(
        0, sqs.client().receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(1)).messages().size());
    assertTrue(System.nanoTime() - start > Duration.ofMillis(900).toNanos());
  }

  @Test
  void a_message_of_one_mebibyte_is_taken_and_one_byte_more_is_refused() {
    sqs.createQueue("big");
    sqs.send("big", "x".repeat(MIB));
    assertThrows(SqsException.class, () -> sqs.send("big", "x".repeat(MIB + 1)));
  }

  @Test
  void characters_that_xml_forbids_are_refused() {
    sqs.createQueue("characters");
    assertThrows(
        SqsException.class, () -> sqs.sendWithAttributes("characters", "a\u0001b", Map.of()));
  }

  @Test
  void an_unknown_queue_and_a_wrong_handle_are_named_as_in_sqs() {
    assertThrows(QueueDoesNotExistException.class, () -> sqs.urlOf("nowhere"));
    String url = sqs.createQueue("handles");
    assertThrows(
        ReceiptHandleIsInvalidException.class,
        () -> sqs.client().deleteMessage(r -> r.queueUrl(url).receiptHandle("nonsense")));
  }

  @Test
  void a_batch_deletes_the_good_entry_and_names_the_bad_one() {
    String url = sqs.createQueue("partial");
    sqs.send("partial", "x");
    Message message = one(sqs.receiveAll("partial"));
    List<DeleteMessageBatchRequestEntry> entries =
        List.of(deletion("good", message.receiptHandle()), deletion("bad", "nonsense"));
    var answer = sqs.client().deleteMessageBatch(r -> r.queueUrl(url).entries(entries));
    assertEquals("good", one(answer.successful()).id());
    assertEquals("bad", one(answer.failed()).id());
    assertEquals(0, sqs.counts("partial").total());
  }

  @Test
  void a_batch_of_eleven_is_refused() {
    String url = sqs.createQueue("eleven");
    assertThrows(
        TooManyEntriesInBatchRequestException.class,
        () ->
            sqs.client()
                .sendMessageBatch(
                    r ->
                        r.queueUrl(url)
                            .entries(
                                IntStream.range(0, 11).mapToObj(EmbeddedSqsIT::entry).toList())));
  }

  @Test
  void a_fifo_queue_keeps_the_order_of_a_group_and_drops_what_it_has_seen() {
    sqs.createQueue("order.fifo");
    sqs.sendFifo("order.fifo", "g", "1", "first");
    sqs.sendFifo("order.fifo", "g", "2", "second");
    sqs.sendFifo("order.fifo", "g", "1", "copy");
    assertEquals(
        List.of("first", "second"),
        sqs.receiveAll("order.fifo").stream().map(Message::body).toList());
  }

  /** As SQS documents it: a group waits while one of its messages is in flight. */
  @Test
  void a_fifo_queue_holds_a_group_whose_first_message_goes_back_with_a_delay() {
    String url = sqs.createQueue("delayed.fifo");
    sqs.sendFifo("delayed.fifo", "g", "1", "first");
    sqs.sendFifo("delayed.fifo", "g", "2", "second");
    List<Message> both =
        sqs.client().receiveMessage(r -> r.queueUrl(url).maxNumberOfMessages(2)).messages();
    assertEquals(List.of("first", "second"), both.stream().map(Message::body).toList());
    goesBack(url, both.getFirst(), 600);
    goesBack(url, both.getLast(), 0);
    sqs.sendFifo("delayed.fifo", "other", "3", "third");

    assertEquals(
        List.of("third"),
        sqs.receiveAll("delayed.fifo").stream().map(Message::body).toList(),
        "the second does not overtake the first");
    goesBack(url, both.getFirst(), 0);
    assertEquals(
        List.of("first", "second"),
        sqs.receiveAll("delayed.fifo").stream().map(Message::body).toList());
  }

  private static void goesBack(String url, Message message, int delaySecs) {
    sqs.client()
        .changeMessageVisibility(
            r ->
                r.queueUrl(url)
                    .receiptHandle(message.receiptHandle())
                    .visibilityTimeout(delaySecs));
  }

  @Test
  void a_redrive_policy_moves_what_was_received_too_often() {
    sqs.createQueue("redrive-dead");
    String url =
        sqs.createQueue(
            "redrive",
            Map.of(
                QueueAttributeName.REDRIVE_POLICY,
                "{\"deadLetterTargetArn\":\"arn:aws:sqs:us-east-1:000000000000:redrive-dead\","
                    + "\"maxReceiveCount\":\"1\"}"));
    sqs.send("redrive", "x");
    one(sqs.client().receiveMessage(r -> r.queueUrl(url).visibilityTimeout(0)).messages());
    assertEquals(List.of(), sqs.receiveAll("redrive"));
    Awaitility.await()
        .atMost(Duration.ofSeconds(60))
        .until(() -> sqs.counts("redrive-dead").visible() == 1);
  }

  @Test
  void several_run_beside_each_other() {
    try (EmbeddedSqs other = EmbeddedSqs.start()) {
      other.createQueue("only-there");
      assertTrue(other.exists("only-there"));
      assertTrue(!sqs.exists("only-there"));
    }
  }

  private static SendMessageBatchRequestEntry entry(int i) {
    return SendMessageBatchRequestEntry.builder().id("e" + i).messageBody("x").build();
  }

  private static DeleteMessageBatchRequestEntry deletion(String id, String handle) {
    return DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle(handle).build();
  }

  private static String count(Message message) {
    return message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT);
  }

  private static <T> T one(List<T> list) {
    assertEquals(1, list.size(), () -> "not one: " + list);
    return list.getFirst();
  }
}
