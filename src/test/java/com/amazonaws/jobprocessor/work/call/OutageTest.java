package com.amazonaws.jobprocessor.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.Service;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {
  private final SettableClock clock = new SettableClock();
  private final Outage outage = new Outage(clock);

  private final Logger logger = (Logger) LoggerFactory.getLogger(Outage.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void listenNoMore() {
    logger.detachAppender(lines);
  }

  private static CallFailed failure(String code) {
    return new CallFailed(code, "", CallFailed.Kind.REJECTED, new IllegalStateException());
  }

  @Test
  void the_call_that_fails_for_longest_is_named_with_its_latest_reason_until_it_works() {
    assertNull(outage.first());
    outage.failed("ReceiveMessage", "todo", failure("Away"));
    outage.failed("SendMessageBatch", "done", failure("AccessDenied"));
    outage.failed("ReceiveMessage", "todo", failure("Throttled"));
    assertEquals(
        new Outage.Failing(Service.SQS, "ReceiveMessage", "todo", "Throttled"), outage.first());

    outage.over("ReceiveMessage", "todo");
    assertEquals(
        new Outage.Failing(Service.SQS, "SendMessageBatch", "done", "AccessDenied"),
        outage.first());

    outage.over("SendMessageBatch", "done");
    assertNull(outage.first());
  }

  private static @Nullable String right(Service service, String action, String code) {
    return new Outage.Failing(service, action, "x", code).missingRight();
  }

  @Test
  void a_call_that_is_denied_names_the_right_that_is_missing_as_a_policy_has_it() {
    assertEquals("sqs:SendMessage", right(Service.SQS, "SendMessageBatch", "AccessDenied"));
    assertEquals(
        "sqs:ChangeMessageVisibility",
        right(Service.SQS, "ChangeMessageVisibilityBatch", "AccessDeniedException"));
    assertEquals("sqs:ReceiveMessage", right(Service.SQS, "ReceiveMessage", "AccessDenied"));
    assertEquals("dynamodb:UpdateItem", right(Service.DYNAMODB, "record", "AccessDeniedException"));
    assertEquals(
        "dynamodb:DescribeTable",
        right(Service.DYNAMODB, "DescribeTable", "AccessDeniedException"));
    assertEquals("s3:PutObject", right(Service.S3, "PutObject", "AccessDenied"));
    assertEquals("s3:GetObject or s3:PutObject", right(Service.S3, "CopyObject", "AccessDenied"));
    assertEquals(
        "kms:Decrypt or kms:GenerateDataKey",
        right(Service.SQS, "ReceiveMessage", "KmsAccessDenied"));
    assertNull(right(Service.SQS, "ReceiveMessage", "OverLimit"));
  }

  /** Whoever gives the first right that is missing must know of the second. */
  @Test
  void each_call_that_is_denied_or_has_no_queue_is_told_and_of_throttled_ones_the_first() {
    for (int i = 0; i < 10; i++) {
      for (String code : List.of("AccessDenied", "KmsDisabled", "NonExistentQueue", "Throttled")) {
        outage.failed("SendMessageBatch", "done", failure(code));
        outage.failed("SendMessageBatch", "dead", failure(code));
        outage.failed("DeleteMessageBatch", "todo", failure(code));
      }
    }

    assertEquals(3 + 3 + 3 + 1, lines.list.size(), lines.list::toString);
    assertTrue(lines.list.get(1).getKeyValuePairs().toString().contains("at=\"dead\""));
  }

  /** A table that throttles lets some calls pass. */
  @Test
  void calls_that_fail_and_work_by_turns_are_told_every_ten_seconds() {
    for (int i = 0; i < 1_000; i++) {
      outage.failed("record", "jobs", failure("Throttled"));
      outage.over("record", "jobs");
    }
    assertEquals(2, lines.list.size(), lines.list::toString);

    outage.failed("record", "jobs", failure("Throttled"));
    clock.advance(Duration.ofSeconds(10));
    outage.failed("record", "jobs", failure("Throttled"));
    outage.over("record", "jobs");
    assertEquals(4, lines.list.size(), lines.list::toString);
  }

  private List<String> messages() {
    return lines.list.stream().map(ILoggingEvent::getMessage).toList();
  }

  @Test
  void a_long_outage_is_told_again_every_ten_minutes_and_its_end_once() {
    outage.failed("ReceiveMessage", "todo", failure("Away"));
    for (int minute = 0; minute < 25; minute++) {
      clock.advance(Duration.ofMinutes(1));
      outage.failed("ReceiveMessage", "todo", failure("Away"));
    }
    outage.over("ReceiveMessage", "todo");

    assertEquals(
        List.of(
            "AWS calls fail; retrying",
            "AWS calls still fail; retrying",
            "AWS calls still fail; retrying",
            "AWS calls succeed again"),
        messages());
    assertTrue(lines.list.get(2).getKeyValuePairs().toString().contains("for_secs=\"1200\""));
  }

  /** Such as that of a claim whose job has ended meanwhile. */
  @Test
  void a_failure_that_nobody_tries_again_is_forgotten_after_five_minutes() {
    outage.failed("renew", "jobs", failure("Throttled"));
    clock.advance(Duration.ofMinutes(4));
    outage.failed("ReceiveMessage", "todo", failure("Away"));
    clock.advance(Duration.ofMinutes(2));
    assertEquals(new Outage.Failing(Service.SQS, "ReceiveMessage", "todo", "Away"), outage.first());
    clock.advance(Duration.ofMinutes(4));
    assertNull(outage.first());

    assertEquals("AWS calls that failed are not being retried at present", messages().getLast());
    clock.advance(Duration.ofMinutes(1));
    outage.failed("renew", "jobs", failure("Throttled"));
    assertEquals("AWS calls fail; retrying", messages().getLast());
  }

  @Test
  void a_call_that_is_given_up_has_not_succeeded() {
    outage.failed("record", "jobs", failure("Away"));
    outage.givenUp("record", "jobs");
    assertNull(outage.first());
    assertEquals("AWS calls that failed are not being retried at present", messages().getLast());
  }

  @Test
  void of_several_calls_those_that_succeed_again_are_told_apart_from_those_that_are_given_up() {
    for (boolean first : List.of(true, false)) {
      outage.failed("ReceiveMessage", "todo", failure("Away"));
      outage.failed("SendMessageBatch", "dead", failure("NonExistentQueue"));
      if (first) {
        outage.givenUp("SendMessageBatch", "dead");
        outage.over("ReceiveMessage", "todo");
      } else {
        outage.over("ReceiveMessage", "todo");
        outage.givenUp("SendMessageBatch", "dead");
      }
      assertEquals(
          "AWS calls succeed again, but for some that are not being retried at present",
          messages().getLast());
      clock.advance(Duration.ofMinutes(1));
    }
  }

  @Test
  void a_call_that_was_given_up_and_has_succeeded_since_is_among_those_that_succeed_again() {
    outage.failed("ReceiveMessage", "todo", failure("Away"));
    outage.failed("SendMessageBatch", "dead", failure("Away"));
    outage.givenUp("SendMessageBatch", "dead");
    outage.over("SendMessageBatch", "dead");
    outage.over("ReceiveMessage", "todo");
    assertEquals("AWS calls succeed again", messages().getLast());
  }

  @Test
  void how_long_a_call_fails_is_counted_from_its_own_first_failure() {
    outage.failed("record", "jobs", failure("Away"));
    for (int minute = 0; minute < 60; minute++) {
      clock.advance(Duration.ofMinutes(1));
      outage.failed("record", "jobs", failure("Away"));
    }
    outage.failed("PutObject", "bucket", failure("AccessDenied"));

    ILoggingEvent last = lines.list.getLast();
    assertEquals("AWS calls fail; retrying", last.getMessage());
    assertTrue(last.getKeyValuePairs().toString().contains("for_secs=\"0\""), last::toString);
  }

  @Test
  void an_outage_lasts_while_its_call_is_tried_again_now_and_then() {
    for (int i = 0; i < 100; i++) {
      outage.failed("PutObject", "bucket", failure("Away"));
      clock.advance(Duration.ofSeconds(80));
      assertNotNull(outage.first());
    }
  }
}
