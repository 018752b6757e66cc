package com.amazonaws.jobprocessor.logging;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.amazonaws.jobprocessor.message.StackText;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLayoutTest {
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void giveTheContextAnMdc() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  private LoggingEvent event(Level level, String message, @Nullable Throwable thrown) {
    return new LoggingEvent(
        "test",
        context.getLogger("com.amazonaws.jobprocessor.work.X"),
        level,
        message,
        thrown,
        null);
  }

  @Test
  void an_event_is_one_line_with_its_fields_at_the_end() {
    LoggingEvent event = event(Level.INFO, "taking jobs", null);
    event.addKeyValuePair(new KeyValuePair("queue", "todo"));
    event.addKeyValuePair(new KeyValuePair("slots", 4));

    String line = new LogLayout(false).doLayout(event);

    assertTrue(
        line.matches(
            "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z INFO  taking jobs queue=todo slots=4\n"),
        line);
  }

  @Test
  void in_the_journal_every_line_begins_with_its_priority_stack_traces_included() {
    String lines =
        new LogLayout(true)
            .doLayout(event(Level.ERROR, "internal error", new IllegalStateException("x")));

    assertTrue(lines.lines().count() > 2);
    assertTrue(lines.lines().allMatch(line -> line.startsWith("<3>")), lines);
    assertEquals("<4>slow\n", new LogLayout(true).doLayout(event(Level.WARN, "slow", null)));
    assertEquals("<6>ok\n", new LogLayout(true).doLayout(event(Level.INFO, "ok", null)));
    assertEquals("<7>detail\n", new LogLayout(true).doLayout(event(Level.DEBUG, "detail", null)));
  }

  @Test
  void a_thrown_message_of_several_lines_cannot_forge_one_of_another_level() {
    Throwable thrown =
        new IllegalStateException("first\nsecond\r\nthird\0<0>fourth\u001b[2J\rfifth");

    String lines = new LogLayout(true).doLayout(event(Level.ERROR, "internal error", thrown));

    assertTrue(lines.contains("\n<3>second\n<3>third\\u{0}<0>fourth\\u{1b}[2J\n<3>fifth\n"), lines);
    assertTrue(lines.contains("\n<3>\tat "), lines);
    assertTrue(lines.lines().allMatch(line -> line.startsWith("<3>")), lines);
    assertFalse(lines.contains("\0"), lines);
  }

  @Test
  void what_comes_from_a_message_can_forge_neither_a_line_nor_a_field_nor_move_a_cursor() {
    LoggingEvent event = event(Level.WARN, "attempt failed", null);
    event.addKeyValuePair(
        new KeyValuePair("message", "a\n<3>forged job_id=\"x\" \u001b[2J\u202e\ud800"));

    String line = new LogLayout(true).doLayout(event);

    assertEquals(
        "<4>attempt failed message=\"a\\n<3>forged job_id=\\\"x\\\" \\u{1b}[2J\\u{202e}\\u{d800}\"\n",
        line);
  }

  @Test
  void secrets_are_redacted_from_messages_fields_and_stack_traces() {
    LogLayout layout = new LogLayout(false);
    layout.redact(text -> text.replace("hunter22", "****"));
    LoggingEvent event =
        event(Level.ERROR, "no hunter22", new IllegalStateException("bad hunter22"));
    event.addKeyValuePair(new KeyValuePair("error", "hunter22"));

    assertFalse(layout.doLayout(event).contains("hunter22"));
  }

  @Test
  void secrets_are_redacted_from_the_name_of_an_executors_logger() {
    LogLayout layout = new LogLayout(true);
    layout.redact(text -> text.replace("hunter22", "****"));
    LoggingEvent event =
        new LoggingEvent("test", context.getLogger("user.hunter22"), Level.INFO, "ok", null, null);

    assertEquals("<6>ok logger=user.****\n", layout.doLayout(event));
  }

  @Test
  void a_secret_that_would_be_escaped_is_redacted_all_the_same() {
    LogLayout layout = new LogLayout(false);
    layout.redact(text -> text.replace("hun\\ter\"22", "****"));
    LoggingEvent event = event(Level.ERROR, "no hun\\ter\"22", null);
    event.addKeyValuePair(new KeyValuePair("error", "hun\\ter\"22"));

    String line = layout.doLayout(event);

    assertTrue(line.endsWith("no **** error=****\n"), line);
  }

  private LoggingEvent ofJob(String message) {
    LoggingEvent event = event(Level.INFO, message, null);
    event.setMDCPropertyMap(Map.of("job_id", "j 1", "attempt", "2", "other", "x"));
    return event;
  }

  @Test
  void a_line_from_a_jobs_thread_names_job_and_attempt_unless_it_names_a_job_itself() {
    assertEquals(
        "<6>working job_id=\"j 1\" attempt=2\n", new LogLayout(true).doLayout(ofJob("working")));

    LoggingEvent own = ofJob("lease lost");
    own.addKeyValuePair(new KeyValuePair("job_id", "j2"));
    assertEquals("<6>lease lost job_id=j2\n", new LogLayout(true).doLayout(own));
  }

  @Test
  void a_stack_that_was_given_stands_below_its_line_without_secrets() {
    LoggingEvent event = event(Level.WARN, "attempt failed", null);
    event.addKeyValuePair(
        new KeyValuePair(
            "stack", new StackText(List.of("E: hunter2\n<0>x", "\tat a.B.c(B.java:1)"))));
    event.addKeyValuePair(new KeyValuePair("retry_after_secs", 0));
    LogLayout layout = new LogLayout(true);
    layout.redact(text -> text.replace("hunter2", "****"));

    assertEquals(
        """
        <4>attempt failed retry_after_secs=0
        <4>E: ****\\n<0>x
        <4>\tat a.B.c(B.java:1)
        """,
        layout.doLayout(event));
  }

  @Test
  void what_an_executor_logs_is_bounded() {
    assertTrue(
        new LogLayout(false).doLayout(event(Level.INFO, "x".repeat(10_000_000), null)).length()
            < 33_000);
    StackOverflowError deep = new StackOverflowError();
    StackTraceElement[] frames = new StackTraceElement[1_024];
    Arrays.fill(frames, new StackTraceElement("a.B", "c", "B.java", 1));
    deep.setStackTrace(frames);
    assertEquals(201, new LogLayout(false).doLayout(event(Level.INFO, "x", deep)).lines().count());
  }

  @Test
  @SuppressWarnings("ToStringReturnsNull") // of an executor's classes
  void whatever_an_executor_gives_is_a_line() {
    LoggingEvent event = event(Level.INFO, "working", null);
    event.setMDCPropertyMap(Collections.singletonMap("job_id", null));
    event.addKeyValuePair(new KeyValuePair(null, "a"));
    event.addKeyValuePair(new KeyValuePair("b", null));
    event.addKeyValuePair(
        new KeyValuePair(
            "c",
            new Object() {
              @Override
              public String toString() {
                throw new IllegalStateException("d");
              }
            }));
    event.addKeyValuePair(
        new KeyValuePair(
            "e",
            new Object() {
              @Override
              public @Nullable String toString() {
                return null;
              }
            }));

    assertEquals(
        "<6>working null=a b=null"
            + " c=\"(its toString() threw java.lang.IllegalStateException)\" e=null\n",
        new LogLayout(true).doLayout(event));
  }

  /** The journal breaks lines of 48 KiB, and what follows has no level. */
  @Test
  void no_line_is_longer_than_the_journal_takes_and_no_stack_trace_without_end() {
    String most = "\u001b\u00fc".repeat(1_000_000);
    Throwable thrown =
        new IllegalStateException(most, new IllegalStateException(most + "\n" + most));
    LoggingEvent event = event(Level.WARN, most, thrown);
    event.addKeyValuePair(new KeyValuePair("key", most));
    event.addKeyValuePair(new KeyValuePair(most, "value"));
    event.addKeyValuePair(new KeyValuePair("stack", new StackText(List.of(most))));
    event.addKeyValuePair(new KeyValuePair("last", "kept"));

    String lines = new LogLayout(true).doLayout(event);

    assertTrue(lines.lines().allMatch(line -> line.startsWith("<4>")));
    assertTrue(lines.lines().allMatch(line -> line.getBytes(UTF_8).length < 48 * 1024));
    assertTrue(lines.lines().findFirst().orElseThrow().endsWith(" last=kept"));
    assertTrue(lines.getBytes(UTF_8).length < 256 * 1024, lines.length() + " characters");
    assertTrue(lines.endsWith("\n<4>... the rest is left out\n"));
  }
}
