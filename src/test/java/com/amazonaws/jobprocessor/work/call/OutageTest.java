package com.amazonaws.jobprocessor.work.call;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.port.CallFailed;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class OutageTest {
  private final SettableClock clock = new SettableClock();
  private final Outage outage = new Outage(clock);

  private static CallFailed failure(String code) {
    return new CallFailed(code, "", CallFailed.Kind.REJECTED, new IllegalStateException());
  }

  @Test
  void the_call_that_fails_for_longest_is_named_with_its_latest_reason_until_it_works() {
    assertNull(outage.first());
    outage.failed("ReceiveMessage", "todo", failure("Away"));
    outage.failed("SendMessageBatch", "done", failure("AccessDenied"));
    outage.failed("ReceiveMessage", "todo", failure("Throttled"));
    assertEquals(new Outage.Failing("ReceiveMessage", "todo", "Throttled"), outage.first());

    outage.over("ReceiveMessage", "todo");
    assertEquals(new Outage.Failing("SendMessageBatch", "done", "AccessDenied"), outage.first());

    outage.over("SendMessageBatch", "done");
    assertNull(outage.first());
  }

  /** A table that throttles lets some calls pass. */
  @Test
  void calls_that_fail_and_work_by_turns_are_told_every_ten_seconds() {
    Logger logger = (Logger) LoggerFactory.getLogger(Outage.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
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
    } finally {
      logger.detachAppender(lines);
    }
  }

  /** Who tried has given up, or its job has ended meanwhile: nobody says that it is over. */
  @Test
  void a_failure_that_is_not_heard_of_again_is_forgotten_and_the_next_is_told() {
    Logger logger = (Logger) LoggerFactory.getLogger(Outage.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      outage.failed("renew", "jobs", failure("Throttled"));
      clock.advance(Duration.ofMinutes(1));
      outage.failed("GetObject", "bucket", failure("Away"));
      clock.advance(Duration.ofMinutes(1));
      assertEquals(new Outage.Failing("GetObject", "bucket", "Away"), outage.first());
      clock.advance(Duration.ofMinutes(1));
      assertNull(outage.first());
      assertEquals(3, lines.list.size(), lines.list::toString);

      clock.advance(Duration.ofMinutes(1));
      outage.failed("renew", "jobs", failure("Throttled"));
      assertEquals(4, lines.list.size(), "told once more");
    } finally {
      logger.detachAppender(lines);
    }
  }

  @Test
  void an_outage_lasts_while_its_call_is_tried_again_now_and_then() {
    for (int i = 0; i < 100; i++) {
      outage.failed("PutObject", "bucket", failure("Away"));
      clock.advance(Duration.ofSeconds(80));
      assertEquals(new Outage.Failing("PutObject", "bucket", "Away"), outage.first());
    }
  }
}
