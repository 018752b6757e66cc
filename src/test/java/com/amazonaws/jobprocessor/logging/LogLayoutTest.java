package com.amazonaws.jobprocessor.logging;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.slf4j.event.KeyValuePair;

class LogLayoutTest {
  private final LoggerContext context = new LoggerContext();

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
  void a_secret_that_would_be_escaped_is_redacted_all_the_same() {
    LogLayout layout = new LogLayout(false);
    layout.redact(text -> text.replace("hun\\ter\"22", "****"));
    LoggingEvent event = event(Level.ERROR, "no hun\\ter\"22", null);
    event.addKeyValuePair(new KeyValuePair("error", "hun\\ter\"22"));

    String line = layout.doLayout(event);

    assertTrue(line.endsWith("no **** error=****\n"), line);
  }
}
