package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

class ReplacementsTest {
  @Test
  void the_wait_doubles_up_to_five_seconds_until_a_job_is_answered() {
    Replacements replacements = new Replacements();
    for (int round = 0; round < 2; round++) {
      assertEquals(0, replacements.nextMillis());
      for (int longest : List.of(100, 200, 400, 800, 1_600, 3_200, 5_000, 5_000)) {
        long millis = replacements.nextMillis();
        assertTrue(millis >= longest / 2 && millis <= longest, millis + " of " + longest);
      }
      for (int i = 0; i < 100; i++) {
        assertTrue(replacements.nextMillis() <= 5_000);
      }
      replacements.answered();
    }
  }

  /** Or a job that crashes shortly before its time limit would be told as a time-out. */
  @Test
  void an_attempt_that_took_longer_than_the_wait_does_not_wait() {
    Replacements replacements = new Replacements();
    for (int i = 0; i < 20; i++) {
      replacements.nextMillis();
    }
    assertEquals(0, replacements.nextMillis(Duration.ofSeconds(5)));
    assertEquals(0, replacements.nextMillis(Duration.ofDays(1)));
    long millis = replacements.nextMillis(Duration.ofSeconds(2));
    assertTrue(millis >= 500 && millis <= 3_000, () -> millis + " ms");
  }

  @Test
  void an_interrupt_ends_the_wait_and_stays() {
    Replacements replacements = new Replacements();
    for (int i = 0; i < 20; i++) {
      replacements.nextMillis();
    }
    Thread.currentThread().interrupt();
    replacements.pause(Duration.ZERO);
    assertTrue(Thread.interrupted());
  }

  /** One job is told as a time-out, not each of a program that crashes. */
  @ParameterizedTest
  @CsvSource({"2000,1000", "100,500", "60000,5000"})
  void after_a_time_limit_the_waits_keep_to_half_of_it(long limit, long longest) {
    Replacements replacements = new Replacements();
    for (int i = 0; i < 20; i++) {
      replacements.nextMillis();
    }
    Thread.currentThread().interrupt();
    replacements.pause(Duration.ofMillis(limit));
    assertTrue(Thread.interrupted());
    for (int i = 0; i < 20; i++) {
      long millis = replacements.nextMillis(Duration.ZERO);
      assertTrue(millis <= longest + 400, () -> millis + " ms"); // a machine may pause
      assertTrue(millis >= Math.min(longest, 2_500), () -> millis + " ms");
    }
  }

  @Test
  void a_replacement_between_two_jobs_is_told_without_the_next_ones_id() {
    Logger log = (Logger) LoggerFactory.getLogger(PersistentCommand.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.setContext(log.getLoggerContext());
    lines.start();
    log.addAppender(lines);
    MDC.put("job_id", "next");
    try {
      new Replacements().tell("it ended");
      assertEquals("next", MDC.get("job_id"));
    } finally {
      MDC.clear();
      log.detachAppender(lines);
    }
    assertEquals(Map.of(), lines.list.getFirst().getMDCPropertyMap());
  }
}
