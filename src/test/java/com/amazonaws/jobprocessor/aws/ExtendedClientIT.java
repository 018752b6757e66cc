package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazon.sqs.javamessaging.AmazonSQSExtendedClient;
import com.amazon.sqs.javamessaging.ExtendedClientConfiguration;
import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.message.PayloadPointer;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.Payloads;
import com.amazonaws.jobprocessor.testkit.EmbeddedS3;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;
import software.amazon.awssdk.services.sqs.model.MessageAttributeValue;
import software.amazon.awssdk.services.sqs.model.SendMessageBatchRequestEntry;

/** Messages between us and those who use Amazon's own extended client. */
class ExtendedClientIT {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(20);
  private static final String BUCKET = "payloads";
  private static final String LARGE = "é 🚀 ".repeat(200_000);

  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final EmbeddedS3 s3 = EmbeddedS3.start();
  private final SqsCalls calls = new SqsCalls();
  private final SqsClient sqsClient = EmbeddedSqs.clientFor(sqs.endpoint());
  private final S3Client s3Client = S3Clients.at(s3.endpoint(), LONGEST_CALL);
  private final Payloads payloads = new S3Payloads(s3Client, calls, BUCKET);
  private SqsQueue queue = new SqsQueue("q", "");

  @BeforeEach
  void make() {
    queue = new SqsQueue("q", sqs.createQueue("q"));
    s3.createBucket(BUCKET);
  }

  @AfterEach
  void close() {
    s3Client.close();
    sqsClient.close();
    s3.close();
    sqs.close();
  }

  private ExtendedClientConfiguration configuration() {
    return new ExtendedClientConfiguration().withPayloadSupportEnabled(s3.client(), BUCKET, true);
  }

  private AmazonSQSExtendedClient extended(ExtendedClientConfiguration configuration) {
    return new AmazonSQSExtendedClient(sqs.client(), configuration);
  }

  private Delivery received() throws Exception {
    Backlog backlog =
        new SqsBacklog(new SdkTransport(sqsClient), calls, queue, LONGEST_CALL, System::nanoTime);
    List<Delivery> deliveries = backlog.receive(10, Duration.ZERO, Duration.ofSeconds(60));
    assertEquals(1, deliveries.size());
    return deliveries.getFirst();
  }

  /** That the message in the queue is one whose payload is the large text, and only that one. */
  private void isLarge(Delivery delivery) throws Exception {
    assertTrue(PayloadPointer.isPointer(delivery.attributes()));
    assertEquals(
        OptionalLong.of(MessageFormat.utf8Length(LARGE)),
        PayloadPointer.sizeOf(delivery.attributes()));
    assertEquals(LARGE, payloads.fetch(delivery.body()));
    payloads.delete(delivery.body());
    assertEquals(List.of(), s3.keys(BUCKET));
  }

  @Test
  void what_the_library_sends_is_recognised_fetched_and_deleted() throws Exception {
    MessageAttributeValue id =
        MessageAttributeValue.builder().dataType("String").stringValue("my job").build();
    extended(configuration())
        .sendMessage(
            r ->
                r.queueUrl(queue.url())
                    .messageBody(LARGE)
                    .messageAttributes(Map.of(MessageFormat.JOB_ID, id)));

    Delivery delivery = received();

    isLarge(delivery);
    assertEquals(
        Map.of(MessageFormat.JOB_ID, Attribute.of("my job")),
        PayloadPointer.unmark(delivery.attributes()));
  }

  @Test
  void so_is_what_it_sends_in_a_batch_with_the_other_mark_and_a_prefix() throws Exception {
    extended(
            configuration()
                .withLegacyReservedAttributeNameDisabled()
                .withS3KeyPrefix("jobs/of-mine_1."))
        .sendMessageBatch(
            r ->
                r.queueUrl(queue.url())
                    .entries(
                        SendMessageBatchRequestEntry.builder().id("0").messageBody(LARGE).build()));
    assertTrue(s3.keys(BUCKET).getFirst().startsWith("jobs/of-mine_1."));

    isLarge(received());
  }

  @Test
  void a_message_that_fits_carries_no_mark() throws Exception {
    extended(configuration()).sendMessage(r -> r.queueUrl(queue.url()).messageBody("small"));

    Delivery delivery = received();

    assertFalse(PayloadPointer.isPointer(delivery.attributes()));
    assertEquals("small", delivery.body());
  }

  @Test
  void what_we_send_is_read_and_deleted_by_the_library() throws Exception {
    Map<String, Attribute> attributes =
        PayloadPointer.mark(
            Map.of(MessageFormat.JOB_ID, Attribute.of("my job")), MessageFormat.utf8Length(LARGE));
    List<Answer> answers =
        new SqsOutputQueue(new SdkTransport(sqsClient), calls, queue, LONGEST_CALL)
            .send(List.of(new OutgoingMessage(payloads.store(LARGE), attributes)));
    assertTrue(answers.getFirst() instanceof Answer.Accepted, answers.toString());
    AmazonSQSExtendedClient extended = extended(configuration());

    Message message =
        extended
            .receiveMessage(r -> r.queueUrl(queue.url()).messageAttributeNames("All"))
            .messages()
            .getFirst();

    assertEquals(LARGE, message.body());
    assertEquals(List.of(MessageFormat.JOB_ID), List.copyOf(message.messageAttributes().keySet()));
    extended.deleteMessage(r -> r.queueUrl(queue.url()).receiptHandle(message.receiptHandle()));
    assertEquals(List.of(), s3.keys(BUCKET));
    assertEquals(0, sqs.counts("q").total());
  }

  @Test
  void a_copy_of_ours_is_read_by_the_library_as_well() throws Exception {
    String pointer = payloads.copy(payloads.store(LARGE));
    sqs.client()
        .sendMessage(
            r ->
                r.queueUrl(queue.url())
                    .messageBody(pointer)
                    .messageAttributes(
                        Map.of(
                            PayloadPointer.SIZE,
                            MessageAttributeValue.builder()
                                .dataType("Number")
                                .stringValue("1")
                                .build())));

    assertEquals(
        LARGE,
        extended(configuration())
            .receiveMessage(r -> r.queueUrl(queue.url()))
            .messages()
            .getFirst()
            .body());
  }
}
