package com.amazonaws.jobprocessor.aws;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageRequest;
import software.amazon.awssdk.services.sqs.model.ReceiveMessageResponse;
import software.amazon.awssdk.services.sqs.model.SqsException;

/** Receives of a FIFO queue whose answers are lost. */
class SqsBacklogTest {
  private final Receives sqs = new Receives();
  private final AtomicLong now = new AtomicLong();
  private final SqsBacklog backlog =
      new SqsBacklog(
          new SdkTransport(sqs),
          new SqsCalls(),
          new SqsQueue("todo.fifo", "todo"),
          Duration.ofSeconds(10),
          now::get);

  /** Answers with nothing, or not at all. */
  private static final class Receives implements SqsClient {
    final List<ReceiveMessageRequest> made = new ArrayList<>();
    boolean away;
    boolean throttles;

    @Override
    public ReceiveMessageResponse receiveMessage(ReceiveMessageRequest request) {
      made.add(request);
      if (away) {
        throw SdkClientException.create("no answer");
      }
      if (throttles) {
        throw SqsException.builder()
            .statusCode(400)
            .awsErrorDetails(AwsErrorDetails.builder().errorCode("RequestThrottled").build())
            .build();
      }
      return ReceiveMessageResponse.builder().build();
    }

    @Override
    public String serviceName() {
      return "sqs";
    }

    @Override
    public void close() {}
  }

  private String receive(int max) throws Exception {
    backlog.receive(max, Duration.ofSeconds(1), Duration.ofSeconds(60));
    return sqs.made.getLast().receiveRequestAttemptId();
  }

  private String fail(int max) {
    sqs.away = true;
    assertThrows(CallFailed.class, () -> receive(max));
    sqs.away = false;
    return sqs.made.getLast().receiveRequestAttemptId();
  }

  @Test
  void a_receive_without_an_answer_is_made_again_under_its_own_id_and_size() throws Exception {
    String id = fail(3);

    assertEquals(id, receive(10));
    assertEquals(3, sqs.made.getLast().maxNumberOfMessages());
    assertNotEquals(id, receive(10));
    assertEquals(10, sqs.made.getLast().maxNumberOfMessages());
  }

  /** Its messages were hidden until their leases ended. */
  @Test
  void a_receive_without_an_answer_is_not_forgotten_when_its_next_try_is_throttled()
      throws Exception {
    String id = fail(10);
    sqs.throttles = true;
    assertThrows(CallFailed.class, () -> receive(10));
    assertThrows(CallFailed.class, () -> receive(10));
    sqs.throttles = false;

    assertEquals(id, receive(10));
    assertNotEquals(id, receive(10));
  }

  @Test
  void a_receive_that_was_throttled_has_taken_nothing() throws Exception {
    sqs.throttles = true;
    assertThrows(CallFailed.class, () -> receive(10));
    String throttled = sqs.made.getLast().receiveRequestAttemptId();
    sqs.throttles = false;

    assertNotEquals(throttled, receive(10));
  }

  @Test
  void one_that_asked_for_more_than_there_is_room_for_waits_for_its_turn() throws Exception {
    String id = fail(10);

    assertNotEquals(id, receive(3));
    assertEquals(id, receive(10));
  }

  /** In an outage there was one more with each receive that failed. */
  @Test
  void of_each_size_one_is_remembered_however_long_an_outage_lasts() throws Exception {
    fail(10);
    for (int i = 0; i < 1_000; i++) {
      fail(3 - i % 3);
    }

    assertEquals(
        4,
        sqs.made.stream().map(ReceiveMessageRequest::receiveRequestAttemptId).distinct().count());
    sqs.made.clear();
    for (int i = 0; i < 20; i++) {
      receive(10);
    }
    assertEquals(List.of(10, 3, 2, 1, 10), sizes().subList(0, 5));
    assertEquals(
        20,
        sqs.made.stream().map(ReceiveMessageRequest::receiveRequestAttemptId).distinct().count());
  }

  private List<Integer> sizes() {
    return sqs.made.stream().map(ReceiveMessageRequest::maxNumberOfMessages).toList();
  }

  /** SQS knows an id for five minutes, from the first call on. */
  @Test
  void an_id_of_five_minutes_ago_is_not_used_any_more() throws Exception {
    String id = fail(10);
    now.addAndGet(Duration.ofMinutes(4).toNanos());
    assertEquals(id, fail(10));
    now.addAndGet(Duration.ofMinutes(1).toNanos());

    assertNotEquals(id, receive(10));
  }
}
