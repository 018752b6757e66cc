package com.amazonaws.jobprocessor.bench.sqs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.SdkBytes;
import software.amazon.awssdk.services.sqs.model.BatchEntryIdsNotDistinctException;
import software.amazon.awssdk.services.sqs.model.ChangeMessageVisibilityBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.DeleteMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.EmptyBatchRequestException;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.MessageSystemAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueAttributeName;
import software.amazon.awssdk.services.sqs.model.QueueDoesNotExistException;
import software.amazon.awssdk.services.sqs.model.ReceiptHandleIsInvalidException;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;
import software.amazon.awssdk.services.sqs.model.SqsException;
import software.amazon.awssdk.services.sqs.model.TooManyEntriesInBatchRequestException;

/** The SDK is the judge: it checks each MD5 sum and knows each error by its type. */
class SqsServerTest extends ServerFixture {
  private static final String TEXT = "job \"1\" \\ größe 東京 🚀 \n\t\u0001 end";

  @Test
  void a_message_comes_back_as_it_was_sent_with_sums_that_the_sdk_accepts() {
    Map<String, MessageAttributeValue> attributes =
        Map.of(
            "job_id", MessageAttributeValue.builder().dataType("String").stringValue(TEXT).build(),
            "Number.1", MessageAttributeValue.builder().dataType("Number").stringValue("7").build(),
            "raw",
                MessageAttributeValue.builder()
                    .dataType("Binary.x")
                    .binaryValue(SdkBytes.fromByteArray(new byte[] {0, -1, 2}))
                    .build());
    String id =
        sqs.sendMessage(r -> r.queueUrl(url).messageBody(TEXT).messageAttributes(attributes))
            .messageId();

    Message message = receive().getFirst();

    assertEquals(id, message.messageId());
    assertEquals(TEXT, message.body());
    assertEquals(attributes, message.messageAttributes());
    assertEquals(
        "1", message.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
  }

  @Test
  void attributes_come_only_if_they_are_asked_for() {
    MessageAttributeValue value =
        MessageAttributeValue.builder().dataType("String").stringValue("v").build();
    sqs.sendMessage(
        r -> r.queueUrl(url).messageBody("x").messageAttributes(Map.of("a.b", value, "c", value)));

    Message message =
        sqs.receiveMessage(r -> r.queueUrl(url).messageAttributeNames("a.*")).messages().getFirst();

    assertEquals(Map.of("a.b", value), message.messageAttributes());
    assertTrue(message.attributes().isEmpty());
  }

  @Test
  void the_sum_of_a_body_is_that_of_rfc_1321_each_time() {
    Digests digests = new Digests();
    assertEquals("900150983cd24fb0d6963f7d28e17f72", digests.ofBody("abc"));
    assertEquals("900150983cd24fb0d6963f7d28e17f72", digests.ofBody("abc"));
  }

  private int billedForBatchOfTen(int bytesEach) {
    server.startCounting();
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    SendMessageBatchRequestEntry.builder()
                        .id("e" + i)
                        .messageBody("x".repeat(bytesEach))
                        .build())
            .toList();
    sqs.sendMessageBatch(r -> r.queueUrl(url).entries(entries));
    return server.counts().billed();
  }

  @Test
  void each_begun_64_kib_that_a_request_carries_is_billed() {
    assertEquals(1, billedForBatchOfTen(6_553));
    assertEquals(2, billedForBatchOfTen(6_554));
    server.startCounting();

    assertEquals(10, receive().size());
    assertEquals(1, server.counts().billed());
    assertEquals(10, receive().size());
    assertEquals(3, server.counts().billed());
    assertEquals(2, server.counts().total());
  }

  @Test
  void batches_are_sent_and_deleted_entry_by_entry() {
    List<SendMessageBatchRequestEntry> entries =
        IntStream.range(0, 10)
            .mapToObj(
                i ->
                    SendMessageBatchRequestEntry.builder().id("e" + i).messageBody("j" + i).build())
            .toList();
    assertEquals(
        10, sqs.sendMessageBatch(r -> r.queueUrl(url).entries(entries)).successful().size());
    List<Message> messages = receive();

    var deleted =
        sqs.deleteMessageBatch(
            r ->
                r.queueUrl(url)
                    .entries(
                        List.of(
                            deletion("good", messages.getFirst().receiptHandle()),
                            deletion("bad", "nonsense"))));

    assertEquals("good", deleted.successful().getFirst().id());
    assertEquals("bad", deleted.failed().getFirst().id());
    assertEquals("ReceiptHandleIsInvalid", deleted.failed().getFirst().code());
    assertEquals(1, server.state("jobs").deleted());
    assertEquals(9, server.state("jobs").inFlight());
  }

  private static DeleteMessageBatchRequestEntry deletion(String id, String handle) {
    return DeleteMessageBatchRequestEntry.builder().id(id).receiptHandle(handle).build();
  }

  @Test
  void a_message_is_taken_once_until_it_is_made_visible_again() {
    sqs.sendMessage(r -> r.queueUrl(url).messageBody("x"));
    Message first = receive().getFirst();
    assertTrue(receive().isEmpty());

    var giveBack =
        ChangeMessageVisibilityBatchRequestEntry.builder()
            .id("a")
            .receiptHandle(first.receiptHandle())
            .visibilityTimeout(0)
            .build();
    sqs.changeMessageVisibilityBatch(r -> r.queueUrl(url).entries(List.of(giveBack)));
    Message second = receive().getFirst();

    assertEquals(first.messageId(), second.messageId());
    assertEquals(
        "2", second.attributes().get(MessageSystemAttributeName.APPROXIMATE_RECEIVE_COUNT));
    sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(first.receiptHandle()));
    assertEquals(1, server.state("jobs").staleDeletes());
    sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle(second.receiptHandle()));
    assertEquals(1, server.state("jobs").deleted());
  }

  @Test
  void requests_are_counted_by_action_and_receives_by_caller() {
    server.startCounting();
    receive();
    receive();
    assertThrows(
        QueueDoesNotExistException.class, () -> sqs.getQueueUrl(r -> r.queueName("nowhere")));

    Counts counts = server.counts();
    assertEquals(Map.of("ReceiveMessage", 2, "GetQueueUrl", 1), counts.requests());
    assertEquals(3, counts.total());
    assertEquals(1, counts.errors());
    assertEquals(List.of("tester"), List.copyOf(counts.firstReceives().keySet()));
  }

  @Test
  void queues_are_found_and_described() {
    assertEquals(url, sqs.getQueueUrl(r -> r.queueName("jobs")).queueUrl());
    server.send("jobs", List.of("a", "b"));
    assertEquals(
        Map.of(
            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES, "2",
            QueueAttributeName.VISIBILITY_TIMEOUT, "30"),
        sqs.getQueueAttributes(
                r ->
                    r.queueUrl(url)
                        .attributeNames(
                            QueueAttributeName.APPROXIMATE_NUMBER_OF_MESSAGES,
                            QueueAttributeName.VISIBILITY_TIMEOUT,
                            QueueAttributeName.REDRIVE_POLICY))
            .attributes());
  }

  @Test
  void what_sqs_refuses_is_refused() {
    assertThrows(
        EmptyBatchRequestException.class,
        () -> sqs.deleteMessageBatch(r -> r.queueUrl(url).entries(List.of())));
    var entry = SendMessageBatchRequestEntry.builder().id("e").messageBody("x").build();
    assertThrows(
        BatchEntryIdsNotDistinctException.class,
        () -> sqs.sendMessageBatch(r -> r.queueUrl(url).entries(entry, entry)));
    List<SendMessageBatchRequestEntry> eleven =
        IntStream.range(0, 11).mapToObj(i -> entry.toBuilder().id("e" + i).build()).toList();
    assertThrows(
        TooManyEntriesInBatchRequestException.class,
        () -> sqs.sendMessageBatch(r -> r.queueUrl(url).entries(eleven)));
    assertThrows(
        ReceiptHandleIsInvalidException.class,
        () -> sqs.deleteMessage(r -> r.queueUrl(url).receiptHandle("nonsense")));
    assertThrows(SqsException.class, () -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("")));
    assertThrows(
        SqsException.class,
        () -> sqs.sendMessage(r -> r.queueUrl(url).messageBody("x".repeat(1_048_577))));
    assertThrows(SqsException.class, () -> sqs.listQueues());
  }

  @Test
  void the_largest_message_goes_both_ways() {
    String largest = "é".repeat(524_288);
    sqs.sendMessage(r -> r.queueUrl(url).messageBody(largest));
    assertEquals(largest, receive().getFirst().body());
  }
}
