package com.amazonaws.jobprocessor.work.settle;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import com.amazonaws.jobprocessor.port.JobTable;
import com.amazonaws.jobprocessor.work.job.Job;
import com.amazonaws.jobprocessor.work.job.Messages;
import com.amazonaws.jobprocessor.work.job.Outcome;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class MessageWriterTest {
  private final MessageWriter letters =
      new MessageWriter("i-1", "todo", text -> text.replace("hunter2", "****"));

  private static Job job(String body, Map<String, Attribute> attributes) {
    return job(body, attributes, null);
  }

  private static Job job(String body, Map<String, Attribute> attributes, @Nullable String group) {
    Delivery delivery = new Delivery("m-1", "h", body, attributes, 2, null, group);
    return Messages.of(delivery, 2, () -> 0).jobs().getFirst();
  }

  private static Map<String, Attribute> attributes(int count) {
    Map<String, Attribute> attributes = new HashMap<>();
    for (int i = 0; i < count; i++) {
      attributes.put("own-" + i, new Attribute("Number.x", "1", null));
    }
    return attributes;
  }

  private static final Outcome.Failed BOOM = Outcome.Failed.forNow("java.io.IOException", "boom");

  @Test
  void a_result_carries_its_job() {
    OutgoingMessage result =
        letters.result(
            job("b", Map.of("job_id", Attribute.of("j-1"))),
            new Outcome.Succeeded("r", Duration.ofMillis(7)));

    assertEquals("r", result.body());
    assertEquals(
        Map.of(
            "job_id", Attribute.of("j-1"),
            "job_message_id", Attribute.of("m-1"),
            "worker_id", Attribute.of("i-1"),
            "attempts", Attribute.of("2"),
            "duration_millis", Attribute.of("7")),
        result.attributes());
  }

  @Test
  void nothing_is_sent_as_a_blank_that_says_so() {
    for (String empty : new String[] {null, ""}) {
      OutgoingMessage result =
          letters.result(job("b", Map.of()), new Outcome.Succeeded(empty, Duration.ZERO));
      assertEquals(" ", result.body());
      assertEquals(Attribute.of("true"), result.attributes().get("empty_result"));
    }
    OutgoingMessage blank =
        letters.result(job("b", Map.of()), new Outcome.Succeeded(" ", Duration.ZERO));
    assertFalse(blank.attributes().containsKey("empty_result"));
  }

  @Test
  void a_dead_letter_is_the_job_with_its_failure() {
    OutgoingMessage letter = letters.deadLetter(job("body", attributes(2)), BOOM);

    assertEquals("body", letter.body());
    assertEquals(
        Set.of(
            "own-0",
            "own-1",
            "job_id",
            "job_message_id",
            "worker_id",
            "attempts",
            "error_type",
            "error_message",
            "backlog"),
        letter.attributes().keySet());
    assertEquals(Attribute.of("todo"), letter.attributes().get("backlog"));
    assertEquals("Number.x", requireNonNull(letter.attributes().get("own-0")).dataType());
  }

  @Test
  void what_does_not_fit_in_number_is_left_out_and_the_jobs_own_stay() {
    OutgoingMessage nine = letters.deadLetter(job("body", attributes(9)), BOOM);
    assertEquals(10, nine.attributes().size());
    assertTrue(nine.attributes().containsKey("job_id"));

    assertEquals(
        attributes(10), letters.deadLetter(job("body", attributes(10)), BOOM).attributes());
  }

  @Test
  void what_does_not_fit_in_bytes_is_left_out() {
    OutgoingMessage full =
        letters.deadLetter(job("x".repeat(MessageFormat.MAX_BYTES), Map.of()), BOOM);
    assertEquals(Map.of(), full.attributes());

    OutgoingMessage nearly =
        letters.deadLetter(job("x".repeat(MessageFormat.MAX_BYTES - 40), Map.of()), BOOM);
    assertTrue(MessageFormat.size(nearly.body(), nearly.attributes()) <= MessageFormat.MAX_BYTES);
    assertFalse(nearly.attributes().isEmpty());
  }

  @Test
  void what_an_earlier_failure_added_is_replaced() {
    Map<String, Attribute> again = new HashMap<>(attributes(1));
    again.put("error_message", Attribute.of("old"));
    again.put("attempts", Attribute.of("9"));
    again.put("backlog", Attribute.of("elsewhere"));

    OutgoingMessage letter = letters.deadLetter(job("body", again), BOOM);

    assertEquals(Attribute.of("boom"), letter.attributes().get("error_message"));
    assertEquals(Attribute.of("2"), letter.attributes().get("attempts"));
    assertEquals(Attribute.of("todo"), letter.attributes().get("backlog"));
    assertEquals(Set.of("own-0"), letters.bareDeadLetter(job("body", again)).attributes().keySet());
  }

  @Test
  void an_error_message_is_fit_to_be_sent_and_holds_no_secret() {
    OutgoingMessage letter =
        letters.deadLetter(
            job("b", Map.of()), Outcome.Failed.forNow("x", "a\u0000 hunter2 " + "é".repeat(2_000)));

    String message =
        String.valueOf(requireNonNull(letter.attributes().get("error_message")).text());
    assertTrue(message.startsWith("a\ufffd **** é"));
    assertTrue(MessageFormat.utf8Length(message) <= 1_024 && message.endsWith("é"));
    OutgoingMessage silent = letters.deadLetter(job("b", Map.of()), Outcome.Failed.forNow("x", ""));
    assertFalse(silent.attributes().containsKey("error_message"), "SQS refuses empty values");
  }

  @Test
  void a_class_whose_name_sqs_would_refuse_is_named_without_those_characters() {
    OutgoingMessage letter =
        letters.deadLetter(job("b", Map.of()), Outcome.Failed.forNow("x.A\uffff\ud800", "boom"));

    assertEquals(Attribute.of("x.A\ufffd\ufffd"), letter.attributes().get("error_type"));
  }

  @Test
  void a_bad_job_id_is_not_repeated() {
    Job bad = job("b", Map.of("job_id", new Attribute("Number", "12", null)));

    assertEquals("InvalidJobId", requireNonNull(bad.flaw()).type());
    assertEquals(Attribute.of("m-1"), letters.deadLetter(bad, BOOM).attributes().get("job_id"));
  }

  /** With what is left a dead letter can still be found, understood and sent back. */
  @Test
  void the_least_useful_is_the_first_to_be_left_out() {
    List<String> mostUseful =
        List.of(
            "job_id",
            "error_type",
            "error_message",
            "backlog",
            "attempts",
            "job_message_id",
            "worker_id");
    for (int own = 3; own <= 10; own++) {
      Set<String> added =
          new LinkedHashSet<>(
              letters.deadLetter(job("body", attributes(own)), BOOM).attributes().keySet());
      added.removeAll(attributes(own).keySet());
      assertEquals(mostUseful.subList(0, 10 - own), List.copyOf(added));
    }
  }

  @Test
  void a_letter_whose_body_is_stored_has_room_for_the_pointers_mark() {
    String body = "x".repeat(MessageFormat.MAX_BYTES);

    assertEquals(8, letters.storedDeadLetter(job(body, attributes(1)), BOOM).attributes().size());
    assertEquals(9, letters.storedDeadLetter(job(body, attributes(5)), BOOM).attributes().size());
  }

  @Test
  void a_message_of_a_group_goes_to_the_same_group_once_for_each_of_the_backlog() {
    OutgoingMessage result =
        letters.result(job("b", Map.of(), "g"), new Outcome.Succeeded("r", Duration.ZERO));
    OutgoingMessage letter = letters.deadLetter(job("b", Map.of(), "g"), BOOM);

    for (OutgoingMessage message : List.of(result, letter)) {
      assertEquals("g", message.group());
      assertEquals("m-1", message.deduplicationId());
    }
    OutgoingMessage ofStandard = letters.deadLetter(job("b", Map.of()), BOOM);
    assertNull(ofStandard.group());
    assertNull(ofStandard.deduplicationId());
  }

  @Test
  void a_recorded_result_is_sent_again_as_it_was() {
    JobTable.End.Succeeded end =
        new JobTable.End.Succeeded(new JobTable.Result.Text("r"), 5, Duration.ofMillis(7));

    OutgoingMessage again =
        letters.resultAgain(
            job("b", Map.of()), "r", new Outcome.SucceededBefore(end, "another-worker"));

    assertEquals("r", again.body());
    assertEquals(Attribute.of("another-worker"), again.attributes().get("worker_id"));
    assertEquals(Attribute.of("5"), again.attributes().get("attempts"));
    assertEquals(Attribute.of("7"), again.attributes().get("duration_millis"));
  }

  @Test
  void a_worker_id_that_sqs_refuses_is_made_fit() {
    MessageWriter odd = new MessageWriter("i\u0000", "todo", text -> text);

    assertEquals(
        Attribute.of("i\ufffd"),
        odd.deadLetter(job("b", Map.of()), BOOM).attributes().get("worker_id"));
  }
}
