package com.amazonaws.jobprocessor.stats;

import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.read.ListAppender;
import ch.qos.logback.core.spi.FilterReply;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.call.WorkEvent.FailedAttempt;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;

class SummaryFailureTest {
  /** What somebody has put into the log's way, and what does not always work. */
  private static final class Fails extends TurboFilter {
    final AtomicInteger times = new AtomicInteger();

    @Override
    public FilterReply decide(
        Marker marker, Logger logger, Level level, String format, Object[] params, Throwable t) {
      if (logger.getName().equals(Summary.class.getName())
          && (level == Level.ERROR || level == Level.INFO)
          && times.incrementAndGet() <= 3) {
        throw new IllegalStateException("three times");
      }
      return FilterReply.NEUTRAL;
    }
  }

  @Test
  void a_minute_whose_line_cannot_be_written_is_not_the_last() throws Exception {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    Logger logger = context.getLogger(JobLog.class);
    ListAppender<ILoggingEvent> lines = new ListAppender<>();
    lines.list = new CopyOnWriteArrayList<>(); // the summary logs while it is looked at
    lines.start();
    logger.addAppender(lines);
    Fails fails = new Fails();
    context.addTurboFilter(fails);
    StatsRig rig = new StatsRig(1, System::nanoTime, InstantSource.system());
    Counters counters = rig.counters;
    JobLog jobLog = new JobLog(text -> text);
    Summary summary =
        new Summary(
            () -> rig.stats.snapshot(null, WorkerStats.Drain.NONE),
            jobLog,
            rig.costLog,
            Duration.ofMillis(20));
    Thread thread =
        Thread.startVirtualThread(
            () -> {
              try {
                summary.run();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    try {
      await()
          .until(
              () -> {
                counters.accept(new WorkEvent.Succeeded("a"));
                return fails.times.get() >= 3;
              });
      for (int i = 0; i < 100; i++) {
        jobLog.accept(
            new WorkEvent.Retried(
                new FailedAttempt("job-" + i, 1, "x", "boom", null), Duration.ZERO));
      }

      await()
          .until(
              () -> {
                jobLog.accept(
                    new WorkEvent.Retried(
                        new FailedAttempt("later", 1, "x", "boom", null), Duration.ZERO));
                return lines.list.stream()
                    .anyMatch(line -> String.valueOf(line.getKeyValuePairs()).contains("later"));
              });
      await()
          .until(
              () -> {
                counters.accept(new WorkEvent.Succeeded("b"));
                return fails.times.get() > 3;
              });
    } finally {
      summary.end(false);
      thread.join();
      context.getTurboFilterList().remove(fails);
      logger.detachAppender(lines);
    }
  }
}
