package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.message.StackText;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.event.KeyValuePair;

class JobLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(JobLog.class.getPackageName());
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final JobLog jobLog = new JobLog(text -> text.replace("hunter2", "****"));

  @BeforeEach
  void record() {
    lines.start();
    logger.addAppender(lines);
    logger.setAdditive(false);
  }

  @AfterEach
  void stopRecording() {
    logger.detachAppender(lines);
    logger.setAdditive(true);
  }

  private FailedAttempt failure(String id, String type, @Nullable Throwable cause) {
    return new FailedAttempt(id, 1, type, "boom", cause == null ? null : jobLog.of(cause));
  }

  private void retry(int times, String type) {
    for (int i = 0; i < times; i++) {
      jobLog.accept(new WorkEvent.Retried(failure("job-" + i, type, null), Duration.ZERO));
    }
  }

  private void bury(int times, String type) {
    for (int i = 0; i < times; i++) {
      jobLog.accept(new WorkEvent.DeadLettered(failure("job-" + i, type, null)));
    }
  }

  private void fail(Throwable cause) {
    jobLog.accept(
        new WorkEvent.Retried(failure("job", cause.getClass().getName(), cause), Duration.ZERO));
  }

  private long count(Level level) {
    return lines.list.stream().filter(line -> line.getLevel() == level).count();
  }

  private static @Nullable Object value(ILoggingEvent line, String key) {
    List<KeyValuePair> pairs =
        line.getKeyValuePairs() == null ? List.of() : line.getKeyValuePairs();
    return pairs.stream()
        .filter(pair -> pair.key.equals(key))
        .map(pair -> pair.value)
        .findFirst()
        .orElse(null);
  }

  private List<String> stacks() {
    return lines.list.stream()
        .map(line -> value(line, "stack"))
        .filter(StackText.class::isInstance)
        .map(String::valueOf)
        .toList();
  }

  private String last() {
    ILoggingEvent line = lines.list.getLast();
    return line.getMessage()
        + line.getKeyValuePairs().stream()
            .map(pair -> " " + pair.key + "=" + pair.value)
            .collect(Collectors.joining());
  }

  @Test
  void lines_about_jobs_are_at_most_60_a_minute_and_the_rest_is_summed_by_type() {
    retry(70, "java.io.IOException");
    retry(5, "JobTimeout");
    assertEquals(60, lines.list.size());

    jobLog.nextMinute();

    assertEquals(61, lines.list.size());
    assertEquals(
        "other job events in the last minute retried:JobTimeout=5 retried:java.io.IOException=10",
        last());
  }

  @Test
  void failures_for_good_have_60_lines_of_their_own_and_are_summed_apart() {
    retry(300, "x");
    bury(300, "x");

    assertEquals(60, count(Level.WARN));
    assertEquals(60, count(Level.ERROR));
    jobLog.nextMinute();
    assertEquals("other job events in the last minute dead_lettered:x=240 retried:x=240", last());
  }

  @Test
  void the_next_minute_has_its_own_60_lines_and_no_sum_without_need() {
    retry(60, "x");
    jobLog.nextMinute();
    retry(1, "x");

    assertEquals(61, lines.list.size());
  }

  @Test
  void kinds_without_end_do_not_fill_the_memory() {
    for (int i = 0; i < 1_000; i++) {
      retry(1, "type-" + i);
      bury(1, "type-" + i);
    }
    jobLog.nextMinute();

    assertTrue(lines.list.getLast().getKeyValuePairs().size() <= 42);
  }

  @Test
  void a_job_that_succeeds_gets_no_line() {
    jobLog.accept(new WorkEvent.Ran("a", Duration.ofMillis(1), true, null));
    jobLog.accept(new WorkEvent.Succeeded("a"));

    assertEquals(0, lines.list.size());
  }

  private static IllegalStateException thrownHere() {
    return new IllegalStateException("outer hunter2", new IOException("disk quota hunter2"));
  }

  private static IllegalStateException thrownThere() {
    return new IllegalStateException("there");
  }

  @Test
  void a_stack_trace_with_causes_and_without_secrets_comes_once_a_kind_and_minute() {
    for (int i = 0; i < 5; i++) {
      fail(thrownHere());
    }
    fail(thrownThere());

    List<String> stacks = stacks();
    assertEquals(2, stacks.size());
    String stack = stacks.getFirst();
    assertTrue(stack.startsWith("java.lang.IllegalStateException: outer ****\n\tat "), stack);
    assertTrue(stack.contains("JobLogTest.thrownHere(JobLogTest.java:"), stack);
    assertTrue(stack.contains("\nCaused by: java.io.IOException: disk quota ****\n"), stack);
    assertTrue(stacks.getLast().contains("thrownThere"), stack);

    jobLog.nextMinute();
    fail(thrownHere());
    assertEquals(3, stacks().size());
  }

  @Test
  void a_kind_that_comes_when_the_lines_are_used_up_is_told_without_its_job() {
    retry(60, "x");
    fail(thrownHere());
    fail(thrownHere());

    assertEquals(61, lines.list.size());
    assertEquals("jobs fail for another reason as well", lines.list.getLast().getMessage());
    assertEquals(1, stacks().size());
    assertEquals(null, value(lines.list.getLast(), "job_id"));
  }

  @Test
  void stack_traces_of_kinds_without_end_are_20_a_minute() {
    for (int i = 0; i < 100; i++) {
      IllegalStateException cause = new IllegalStateException();
      cause.setStackTrace(
          new StackTraceElement[] {new StackTraceElement("Generated" + i, "run", null, i)});
      fail(cause);
    }

    assertEquals(20, stacks().size());
  }

  @Test
  void a_message_of_10_mb_is_cut_after_the_secrets_are_out() {
    String message = "x".repeat(500) + "hunter2" + "y".repeat(10_000_000);
    jobLog.accept(
        new WorkEvent.DeadLettered(
            new FailedAttempt("j", 1, "x", message, jobLog.of(new IOException(message)))));

    String shown = String.valueOf(value(lines.list.getFirst(), "message"));
    assertTrue(shown.length() <= 1024, shown);
    assertFalse(shown.contains("hunt"), shown);
    assertTrue(stacks().getFirst().length() < 10_000);
    assertFalse(stacks().getFirst().contains("hunt"), stacks().getFirst());
  }

  @Test
  void a_job_that_was_interrupted_is_named_with_how_long_it_had_run_and_others_are_summed() {
    jobLog.accept(new WorkEvent.GivenBack("long", "worker stops", Duration.ofMillis(3_600_900)));
    assertEquals(
        "job interrupted and given back; it will run again from its beginning"
            + " job_id=long reason=worker stops ran_secs=3600",
        last());

    jobLog.accept(new WorkEvent.GivenBack("short", "its claim ran out", null));
    assertEquals(1, lines.list.size());
    jobLog.nextMinute();
    assertTrue(last().endsWith(" given_back:its claim ran out=1"), last());
  }

  @Test
  void during_a_stop_each_job_that_is_given_back_is_named() {
    jobLog.stopping(true);
    for (int i = 0; i < 100; i++) {
      jobLog.accept(new WorkEvent.GivenBack("ran-" + i, "worker stops", Duration.ofSeconds(1)));
      jobLog.accept(new WorkEvent.GivenBack("idle-" + i, "worker stops", null));
    }

    assertEquals(200, lines.list.size());
    assertEquals("job given back; it was not running job_id=idle-99 reason=worker stops", last());
  }

  /** The log of a box that was kept after its drain had no bound any more. */
  @Test
  void when_the_worker_takes_jobs_again_after_a_drain_lines_have_their_limits_again() {
    jobLog.stopping(true);
    jobLog.stopping(false);
    for (int i = 0; i < 3_000; i++) {
      jobLog.accept(new WorkEvent.GivenBack("a-" + i, "the executor is unavailable", null));
      jobLog.accept(new WorkEvent.GivenBack("b-" + i, "its claim ran out", Duration.ZERO));
    }

    assertEquals(60, lines.list.size());
  }

  @Test
  void sums_of_kinds_that_are_too_many_add_up_for_each_end() {
    retry(60, "x");
    bury(60, "x");
    for (int kind = 0; kind < 25; kind++) {
      retry(10, "T" + kind);
      bury(3, "T" + kind);
    }
    jobLog.nextMinute();

    String sums = last();
    assertTrue(sums.contains(" retried:other=50"), sums);
    assertTrue(sums.contains(" dead_lettered:other=15"), sums);
  }

  @Test
  void during_a_stop_those_that_packs_bring_by_thousands_are_summed() {
    jobLog.stopping(true);
    for (int i = 0; i < 10_000; i++) {
      jobLog.accept(new WorkEvent.GivenBack("idle-" + i, "worker stops", null));
    }
    assertEquals(2_100, lines.list.size());
    jobLog.nextMinute();
    assertTrue(last().endsWith(" given_back:worker stops=7900"), last());
  }

  @Test
  void a_refused_dead_letter_is_told_once_a_job_and_then_by_the_minute_in_sqs_words() {
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < 70; i++) {
        jobLog.accept(
            new WorkEvent.DeadLetterRefused(
                new FailedAttempt("job-" + i, 2, "x", "boom", null),
                "dead",
                "InvalidParameterValue",
                "too long",
                Duration.ofSeconds(30)));
      }
    }

    assertEquals(60, count(Level.WARN));
    assertEquals(
        "the dead-letter queue refuses a dead letter; the job goes back to the backlog"
            + " job_id=job-59 queue=dead error=InvalidParameterValue message=too long"
            + " retry_after_secs=30",
        last());
    jobLog.nextMinute();
    assertEquals(
        "dead letters were refused in the last minute; their jobs stay in the backlog"
            + " queue=dead error=InvalidParameterValue message=too long refused=150",
        last());
    jobLog.nextMinute();
    assertEquals(61, lines.list.size());
  }

  @Test
  void dead_letters_that_are_refused_for_more_than_twenty_reasons_are_summed_as_others() {
    for (int i = 0; i < 60 + 25; i++) {
      jobLog.accept(
          new WorkEvent.DeadLetterRefused(
              new FailedAttempt("job-" + i, 2, "x", "boom", null),
              "dead",
              "InvalidParameterValue",
              "too long by " + i,
              Duration.ofSeconds(30)));
    }

    jobLog.nextMinute();
    assertEquals(60 + 20 + 1, count(Level.WARN));
    assertEquals(
        "dead letters were refused in the last minute; their jobs stay in the backlog"
            + " queue=dead error=other message=for other reasons refused=5",
        last());
  }

  @Test
  void an_executor_that_is_unavailable_is_told_with_its_reason_and_its_end() {
    jobLog.accept(new WorkEvent.ExecutorUnavailable("j", "nothing listens at :80?hunter2"));
    assertTrue(last().startsWith("executor unavailable; "), last());
    assertTrue(last().endsWith(" job_id=j why=nothing listens at :80?****"), last());
    jobLog.accept(new WorkEvent.ExecutorAvailable(Duration.ofSeconds(61)));
    assertEquals("executor available again after_secs=61", last());
  }
}
