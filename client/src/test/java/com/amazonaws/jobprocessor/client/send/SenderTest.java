package com.amazonaws.jobprocessor.client.send;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.Answer;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.CallFailed.Kind;
import com.amazonaws.jobprocessor.port.OutputQueue;
import com.amazonaws.jobprocessor.port.Service;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SenderTest {
  private static final Answer BUSY = new Answer.Failed("InternalError", "busy");
  private static final Answer BAD = new Answer.Refused("InvalidMessageContents", "bad");

  /** Answers as it is told, and takes note of what was sent. */
  private static final class ScriptedQueue implements OutputQueue {
    final ArrayDeque<Object> script = new ArrayDeque<>();
    final List<List<String>> sent = new ArrayList<>();
    String poison = "";

    @Override
    public String name() {
      return "q";
    }

    @Override
    @SuppressWarnings("unchecked")
    public List<Answer> send(List<OutgoingMessage> messages) throws CallFailed {
      sent.add(messages.stream().map(OutgoingMessage::body).toList());
      if (messages.stream().anyMatch(message -> message.body().equals(poison))) {
        throw failure("InvalidMessageContents", Kind.REFUSED);
      }
      return switch (script.poll()) {
        case null -> Collections.nCopies(messages.size(), Answer.ACCEPTED);
        case CallFailed failure -> throw failure;
        case Object answers -> (List<Answer>) answers;
      };
    }
  }

  private final ScriptedQueue queue = new ScriptedQueue();
  private final SettableHalt halt = new SettableHalt();
  private int throttles;
  private final Sender sender = new Sender(queue, halt, () -> throttles++);

  private static CallFailed failure(String code, Kind kind) {
    return new CallFailed(code, "said SQS", kind, new IllegalStateException());
  }

  private static CallFailed notSent() {
    return new CallFailed(
        Service.SQS,
        "ConnectException",
        "Connection refused",
        Kind.UNKNOWN,
        false,
        new IllegalStateException());
  }

  private Sender.Sent send(String... bodies) throws InterruptedException {
    return sender.send(
        Arrays.stream(bodies).map(body -> new OutgoingMessage(body, Map.of())).toList());
  }

  private static String words(Sender.Sent sent) {
    return String.join(
        " ", sent.outcomes().stream().map(one -> one.getClass().getSimpleName()).toList());
  }

  @Test
  void only_what_failed_is_sent_again() throws Exception {
    queue.script.add(List.of(Answer.ACCEPTED, BUSY, Answer.ACCEPTED, BUSY));
    queue.script.add(List.of(BUSY, Answer.ACCEPTED));

    assertEquals("Taken Taken Taken Taken", words(send("a", "b", "c", "d")));

    assertEquals(List.of(List.of("a", "b", "c", "d"), List.of("b", "d"), List.of("b")), queue.sent);
  }

  @Test
  void what_can_never_be_taken_is_told_and_not_sent_again() throws Exception {
    queue.script.add(List.of(BAD, Answer.ACCEPTED));

    Sender.Sent sent = send("a", "b");

    assertEquals(
        List.of(
            new Sender.Outcome.NotTaken("InvalidMessageContents: bad"), new Sender.Outcome.Taken()),
        sent.outcomes());
    assertEquals(1, queue.sent.size());
  }

  @Test
  void a_batch_that_is_refused_as_a_whole_is_sent_job_by_job() throws Exception {
    queue.poison = "b";

    Sender.Sent sent = send("a", "b", "c");

    assertEquals(
        List.of(List.of("a", "b", "c"), List.of("a"), List.of("b"), List.of("c")), queue.sent);
    assertEquals("Taken NotTaken Taken", words(sent));
    assertNull(sent.failure());
  }

  @Test
  void a_queue_that_never_takes_a_job_ends_after_a_bounded_number_of_tries() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue.script.add(List.of(BUSY));
    }

    Sender.Sent sent = send("a");

    assertEquals(8, queue.sent.size());
    assertEquals(7, halt.waits().size());
    assertTrue(
        halt.waits().getLast().compareTo(halt.waits().getFirst()) > 0, halt.waits()::toString);
    assertEquals(
        new Sender.Outcome.NotTaken("InternalError: busy (tried 8 times)"),
        sent.outcomes().getFirst());
  }

  @Test
  void of_a_throttled_call_nothing_was_taken_when_the_command_is_stopped() throws Exception {
    queue.script.add(failure("RequestThrottled", Kind.REJECTED));
    halt.ask();

    Sender.Sent sent = send("a", "b");

    assertEquals("NotTaken NotTaken", words(sent));
    assertEquals(1, queue.sent.size());
    assertEquals(List.of(), halt.waits(), "it does not wait any more");
  }

  @Test
  void throttled_calls_are_made_again_until_they_are_taken() throws Exception {
    for (int i = 0; i < 4; i++) {
      queue.script.add(failure("ThrottlingException", Kind.REJECTED));
    }
    queue.script.add(List.of(new Answer.Failed("RequestThrottled", "later"), Answer.ACCEPTED));

    Sender.Sent sent = send("a", "b");

    assertEquals("Taken Taken", words(sent));
    assertEquals(5, throttles, "also of a single entry");
    assertEquals(5, halt.waits().size());
    assertNull(sent.failure());
  }

  @Test
  void a_call_without_an_answer_is_made_again_and_its_jobs_are_perhaps_taken() throws Exception {
    for (int i = 0; i < 100; i++) {
      queue.script.add(failure("SocketTimeoutException", Kind.UNKNOWN));
    }

    Sender.Sent sent = send("a", "b");

    assertEquals(Sender.MAX_CALLS, queue.sent.size());
    assertEquals("PerhapsTaken PerhapsTaken", words(sent));
    assertNotNull(sent.failure());
  }

  @Test
  void what_has_never_left_this_machine_is_not_perhaps_taken() throws Exception {
    for (int i = 0; i < Sender.MAX_CALLS; i++) {
      queue.script.add(notSent());
    }
    assertEquals("NotTaken NotTaken", words(send("a", "b")));

    queue.script.add(failure("SocketTimeoutException", Kind.UNKNOWN));
    for (int i = 1; i < Sender.MAX_CALLS; i++) {
      queue.script.add(notSent());
    }
    assertEquals("PerhapsTaken", words(send("c")), "the first call was sent");
  }

  @Test
  void a_refusal_after_a_lost_answer_leaves_it_open_whether_the_job_was_taken() throws Exception {
    queue.script.add(failure("SocketTimeoutException", Kind.UNKNOWN));
    queue.script.add(failure("AccessDenied", Kind.REJECTED));

    assertEquals("PerhapsTaken", words(send("a")));
  }

  @Test
  void what_may_not_be_done_is_told_at_once() throws Exception {
    queue.script.add(failure("AccessDenied", Kind.REJECTED));

    Sender.Sent sent = send("a");

    assertEquals("NotTaken", words(sent));
    CallFailed failure = requireNonNull(sent.failure());
    assertEquals("AccessDenied", failure.code());
    assertEquals(1, queue.sent.size());
    assertTrue(queue.script.isEmpty());
  }
}
