package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class JobLogTest {
  private final Logger logger = (Logger) LoggerFactory.getLogger(JobLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
  private final JobLog jobLog = new JobLog();

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

  private void fail(int times, String type) {
    for (int i = 0; i < times; i++) {
      jobLog.accept(
          new WorkEvent.Retried(
              new FailedAttempt("job-" + i, 1, type, "boom", null), Duration.ZERO));
    }
  }

  @Test
  void lines_about_jobs_are_at_most_60_a_minute_and_the_rest_is_summed_by_type() {
    fail(70, "java.io.IOException");
    fail(5, "JobTimeout");
    assertEquals(60, lines.list.size());

    jobLog.nextMinute();

    assertEquals(61, lines.list.size());
    String sums = lines.list.getLast().getKeyValuePairs().toString();
    assertTrue(
        sums.contains("java.io.IOException=\"10\"") && sums.contains("JobTimeout=\"5\""), sums);
  }

  @Test
  void the_next_minute_has_its_own_60_lines_and_no_sum_without_need() {
    fail(60, "x");
    jobLog.nextMinute();
    fail(1, "x");

    assertEquals(61, lines.list.size());
  }

  @Test
  void kinds_without_end_do_not_fill_the_memory() {
    for (int i = 0; i < 1_000; i++) {
      fail(1, "type-" + i);
    }
    jobLog.nextMinute();

    assertTrue(lines.list.getLast().getKeyValuePairs().size() <= 21);
  }

  @Test
  void a_job_that_succeeds_gets_no_line() {
    jobLog.accept(new WorkEvent.Ran("a", Duration.ofMillis(1)));
    jobLog.accept(new WorkEvent.Succeeded("a"));

    assertEquals(0, lines.list.size());
  }

  private void refuse(String jobId) {
    jobLog.accept(
        new WorkEvent.DeadLetterRefused(
            jobId, "dead", "TooLong", "at most 262144", Duration.ofSeconds(30)));
    jobLog.accept(new WorkEvent.GivenBack(jobId, "refused", null));
  }

  @Test
  void a_dead_letter_that_is_refused_again_and_again_is_told_once_and_summed() {
    fail(100, "flood");
    int before = lines.list.size();
    for (int i = 0; i < 5; i++) {
      refuse("job-1");
    }
    assertEquals(before + 1, lines.list.size());
    String line = lines.list.getLast().getKeyValuePairs().toString();
    assertTrue(line.contains("job-1") && line.contains("dead") && line.contains("TooLong"), line);

    jobLog.nextMinute();

    String sums = lines.list.getLast().getKeyValuePairs().toString();
    assertTrue(sums.contains("given back: refused=\"5\""), sums);
  }

  @Test
  void lines_about_refused_dead_letters_are_ten_a_minute() {
    for (int i = 0; i < 5_000; i++) {
      refuse("job-" + i);
    }
    assertEquals(10, lines.list.size());
    jobLog.nextMinute();
    refuse("job-11");

    assertEquals(12, lines.list.size(), "ten, the sums, and the next minute's first");
  }
}
