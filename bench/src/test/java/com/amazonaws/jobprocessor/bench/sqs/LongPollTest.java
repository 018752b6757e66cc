package com.amazonaws.jobprocessor.bench.sqs;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.sqs.SqsClient;
import software.amazon.awssdk.services.sqs.model.Message;

/** Receives that wait, answers that are late. */
class LongPollTest extends ServerFixture {
  @Test
  void a_long_poll_is_answered_when_a_message_comes() {
    var poll = poll(sqs);
    await().atMost(SOON).until(() -> server.waitingCallers().equals(List.of("tester")));

    server.send("jobs", List.of("late"));

    assertEquals("late", soon(poll).getFirst().body());
  }

  @Test
  void a_long_poll_that_brings_nothing_ends_when_its_time_is_over() {
    long start = System.nanoTime();
    assertTrue(sqs.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(1)).messages().isEmpty());
    assertTrue(System.nanoTime() - start >= 1_000_000_000L);
  }

  @Test
  void what_a_client_that_has_gone_waited_for_goes_to_another() {
    SqsClient gone = client(server, "gone");
    var poll =
        CompletableFuture.supplyAsync(
            () -> gone.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)));
    await().atMost(SOON).until(() -> server.waitingCallers().contains("gone"));
    gone.close();
    await().atMost(SOON).until(() -> server.waitingCallers().isEmpty());

    server.send("jobs", List.of("x"));

    assertEquals("x", receive().getFirst().body());
    assertThrows(RuntimeException.class, poll::join);
  }

  @Test
  void of_two_that_wait_the_first_gets_the_message_and_the_other_goes_on_waiting() {
    SqsClient second = client(server, "second");
    var first = poll(sqs);
    await().atMost(SOON).until(() -> server.waitingCallers().equals(List.of("tester")));
    var other = poll(second);
    await().atMost(SOON).until(() -> server.waitingCallers().equals(List.of("tester", "second")));

    server.send("jobs", List.of("a"));
    assertEquals("a", soon(first).getFirst().body());
    assertEquals(List.of("second"), server.waitingCallers());
    server.send("jobs", List.of("b"));
    assertEquals("b", soon(other).getFirst().body());
    second.close();
  }

  private CompletableFuture<List<Message>> poll(SqsClient client) {
    CompletableFuture<List<Message>> poll = new CompletableFuture<>();
    Thread.ofVirtual()
        .start(
            () ->
                poll.complete(
                    client.receiveMessage(r -> r.queueUrl(url).waitTimeSeconds(20)).messages()));
    return poll;
  }

  private static List<Message> soon(CompletableFuture<List<Message>> poll) {
    return poll.orTimeout(SOON.toSeconds(), TimeUnit.SECONDS).join();
  }

  @Test
  void receives_are_held_until_they_are_released() {
    server.hold();
    server.send("jobs", List.of("x"));
    var poll = poll(sqs);
    await().atMost(SOON).until(() -> !server.waitingCallers().isEmpty());
    assertTrue(receive().isEmpty(), "nor does a short poll get anything");

    server.release();

    assertEquals("x", soon(poll).getFirst().body());
  }

  @Test
  void answers_are_late_by_as_much_as_was_asked_for() throws IOException {
    try (SqsServer slow = SqsServer.start(Duration.ofMillis(50));
        SqsClient client = client(slow, "patient")) {
      slow.createQueues(List.of("jobs"));
      long start = System.nanoTime();
      client.getQueueUrl(r -> r.queueName("jobs"));
      assertTrue(System.nanoTime() - start >= 50_000_000);
    }
  }
}
