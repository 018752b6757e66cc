package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.port.SettableWallClock;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class SummaryTest {
  private final Counters counters = new Counters();

  private void waitForThePollRate(int times, Duration waited) {
    for (int i = 0; i < times; i++) {
      counters.accept(new WorkEvent.PollRateWait(waited));
    }
  }

  @Test
  void a_minute_half_of_which_was_spent_waiting_for_the_poll_rate_says_so() {
    waitForThePollRate(300, Duration.ofMillis(100));
    assertEquals("last minute", Summary.lastMinute(counters.now()));

    waitForThePollRate(1, Duration.ofMillis(1));
    assertEquals("last minute, limited by poll_rate_per_min", Summary.lastMinute(counters.now()));
  }

  @Test
  void the_line_tells_what_became_of_jobs_and_of_refused_dead_letters() {
    StatsRig rig = new StatsRig(1, new SettableClock(), new SettableWallClock());
    Summary summary =
        new Summary(
            () -> rig.stats.snapshot(null, WorkerStats.Drain.NONE),
            new JobLog(text -> text),
            rig.costLog,
            Duration.ofMinutes(1));
    Logger logger = (Logger) LoggerFactory.getLogger(Summary.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.start();
    logger.addAppender(lines);
    try {
      rig.stats.accept(new WorkEvent.Succeeded("a"));
      for (int i = 0; i < 10_000; i++) {
        rig.stats.accept(new WorkEvent.Ran("a", Duration.ofNanos(900_000), true, null));
      }
      rig.stats.accept(
          new WorkEvent.DeadLetterRefused(
              new FailedAttempt("b", 1, "Boom", "no", null),
              "dead",
              "AccessDenied",
              "not you",
              Duration.ofSeconds(30)));
      summary.end(false);
    } finally {
      logger.detachAppender(lines);
    }

    String line = lines.list.getLast().getKeyValuePairs().toString();
    assertTrue(
        line.contains("jobs=\"1\", succeeded=\"1\", dead_lettered=\"0\", letters_refused=\"1\","),
        line);
    assertTrue(line.contains(", run_secs=\"9\","), "short jobs take time, too: " + line);
  }
}
