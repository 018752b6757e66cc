package com.amazonaws.jobprocessor.boss.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class StrayLogTest {
  private final AtomicLong nanoTime = new AtomicLong(Long.MAX_VALUE - 5);
  private final StrayLog strays = new StrayLog("results", nanoTime::get);
  private final Logger logger = (Logger) LoggerFactory.getLogger(StrayLog.class);
  private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

  @BeforeEach
  void listen() {
    lines.start();
    logger.addAppender(lines);
  }

  @AfterEach
  void no_longer_listen() {
    logger.detachAppender(lines);
  }

  private void pass(Duration time) {
    nanoTime.addAndGet(time.toNanos());
  }

  /** Ten a receive and 360 receives a second are one line a minute. */
  @Test
  void the_first_are_told_at_once_and_then_how_many_came_each_minute() {
    strays.received(0);
    for (int receive = 0; receive < 1_000; receive++) {
      strays.received(10);
      pass(Duration.ofMillis(90)); // a minute and a half in all
    }
    strays.received(0);
    pass(Duration.ofSeconds(40));
    strays.received(0);
    pass(Duration.ofMinutes(5));
    strays.received(0);
    String rest = " in the queue results belong to no task: they are kept, see /api/v1/strays";
    assertEquals(
        List.of("10" + rest, "6670 more" + rest, "3320 more" + rest),
        lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList());
  }
}
