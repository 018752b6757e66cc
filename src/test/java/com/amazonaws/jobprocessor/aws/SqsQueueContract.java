package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.Backlog;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.QueueContract;
import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;

/** The queue in SQS, by each of the two ways to call it. */
abstract class SqsQueueContract extends QueueContract {
  private static final Duration LONGEST_CALL = Duration.ofSeconds(30);

  private final EmbeddedSqs sqs = EmbeddedSqs.start();
  private final SqsCalls calls = new SqsCalls();
  private final SqsClient client = EmbeddedSqs.clientFor(sqs.endpoint());
  private final SqsTransport transport = transport(sqs.endpoint());
  private SqsQueue queue = new SqsQueue("q", "");

  /** The way to call the SQS at this address. */
  abstract SqsTransport transport(URI endpoint);

  @BeforeEach
  void make() {
    queue = new SqsQueue("q", sqs.createQueue("q"));
  }

  @AfterEach
  void close() {
    transport.close();
    client.close();
    sqs.close();
  }

  @Override
  protected Backlog backlog() {
    return new SqsBacklog(transport, calls, queue, LONGEST_CALL, System::nanoTime);
  }

  @Override
  protected OutputQueue outlet() {
    return new SqsOutputQueue(transport, calls, queue, LONGEST_CALL);
  }

  private static final List<OutgoingMessage> ONE = List.of(new OutgoingMessage("a", Map.of()));

  private CallFailed failureOfASend() {
    return assertThrows(CallFailed.class, () -> outlet().send(ONE));
  }

  @Test
  void failures_are_told_apart_by_what_they_mean() {
    sqs.proxy().on("SendMessageBatch").throttle().once();
    assertEquals(CallFailed.Kind.REJECTED, failureOfASend().kind());

    sqs.proxy().on("SendMessageBatch").queueGone().once();
    CallFailed gone = failureOfASend();
    assertEquals(CallFailed.Kind.REJECTED, gone.kind());
    assertTrue(
        gone.code().equals("NonExistentQueue") || gone.code().equals("QueueDoesNotExist"),
        gone.code());

    sqs.proxy().on("SendMessageBatch").fail(500).once();
    assertEquals(CallFailed.Kind.UNKNOWN, failureOfASend().kind());

    sqs.proxy().on("SendMessageBatch").loseAnswer().once();
    assertEquals(CallFailed.Kind.UNKNOWN, failureOfASend().kind());

    sqs.proxy().on("SendMessageBatch").error(400, "BatchRequestTooLong", "too long").once();
    assertEquals(CallFailed.Kind.REFUSED, failureOfASend().kind());
  }

  @Test
  void a_call_that_hangs_ends_with_its_bound_and_is_made_once() {
    sqs.proxy().on("SendMessageBatch").hang().forever();
    long start = System.nanoTime();

    SqsOutputQueue impatient = new SqsOutputQueue(transport, calls, queue, Duration.ofSeconds(2));
    CallFailed failed = assertThrows(CallFailed.class, () -> impatient.send(ONE));
    assertEquals(CallFailed.Kind.UNKNOWN, failed.kind());

    assertTrue(System.nanoTime() - start < Duration.ofSeconds(25).toNanos());
    assertEquals(1, sqs.proxy().requests("SendMessageBatch"));
  }

  @Test
  void entries_of_a_batch_are_answered_one_by_one() throws Exception {
    List<Answer> answers =
        outlet()
            .send(
                List.of(
                    new OutgoingMessage("good", Map.of()),
                    new OutgoingMessage("b\u0001d", Map.of())));
    assertTrue(answers.getFirst() instanceof Answer.Accepted, answers.toString());
    assertTrue(answers.getLast() instanceof Answer.Refused, answers.toString());

    sqs.proxy().on("SendMessageBatch").partialFail(1).once();
    assertTrue(outlet().send(ONE).getFirst() instanceof Answer.Failed);

    assertTrue(backlog().delete(List.of("no-handle")).getFirst() instanceof Answer.Refused);
  }

  @Test
  void an_interrupt_cuts_a_long_poll() throws Exception {
    Thread thread =
        Thread.ofVirtual()
            .start(
                () ->
                    assertThrows(
                        InterruptedException.class,
                        () ->
                            backlog().receive(1, Duration.ofSeconds(20), Duration.ofSeconds(60))));
    org.awaitility.Awaitility.await().until(() -> sqs.proxy().requests("ReceiveMessage") == 1);
    long start = System.nanoTime();

    thread.interrupt();
    thread.join();

    assertTrue(System.nanoTime() - start < Duration.ofSeconds(15).toNanos());
  }

  @Test
  void queues_are_found_made_and_described() throws Exception {
    SqsQueues queues = new SqsQueues(transport, () -> client, calls);

    assertEquals(Optional.empty(), queues.find("nowhere"));
    queues.create("nowhere", Optional.of(Duration.ofDays(14)));
    assertEquals("nowhere", queues.find("nowhere").orElseThrow().name());
    assertEquals(
        "1209600",
        sqs.proxy().calls("CreateQueue").getFirst().queueAttribute("MessageRetentionPeriod"));

    sqs.proxy()
        .on("GetQueueAttributes")
        .answer(
            200,
            "{\"Attributes\":{\"MessageRetentionPeriod\":\"60\",\"RedrivePolicy\":\"{\\\"maxReceiveCount\\\":\\\"7\\\"}\"}}")
        .once();
    assertEquals(
        new SqsQueues.Policy(Optional.of(7), Optional.of(Duration.ofMinutes(1)), Optional.empty()),
        queues.policy(queue));
    assertEquals(Optional.empty(), queues.policy(queue).maxReceiveCount());
  }
}
