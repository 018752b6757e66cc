package com.amazonaws.jobprocessor.work;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.message.Attribute;
import com.amazonaws.jobprocessor.message.Delivery;
import com.amazonaws.jobprocessor.message.MessageFormat;
import com.amazonaws.jobprocessor.message.OutgoingMessage;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LettersTest {
  private final Letters letters = new Letters("i-1", text -> text.replace("hunter2", "****"));

  private static Job job(String body, Map<String, Attribute> attributes) {
    return new Job(
        new Delivery("m-1", "h", body, attributes, 2), new Lease(0, Duration.ofSeconds(60)), 2, 0);
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
            "error_message"),
        letter.attributes().keySet());
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

    OutgoingMessage letter = letters.deadLetter(job("body", again), BOOM);

    assertEquals(Attribute.of("boom"), letter.attributes().get("error_message"));
    assertEquals(Attribute.of("2"), letter.attributes().get("attempts"));
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
  void a_bad_job_id_is_not_repeated() {
    Job bad = job("b", Map.of("job_id", new Attribute("Number", "12", null)));

    assertFalse(bad.hasGoodId());
    assertEquals(Attribute.of("m-1"), letters.deadLetter(bad, BOOM).attributes().get("job_id"));
  }
}
