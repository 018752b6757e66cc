package com.amazonaws.jobprocessor.systemd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.amazonaws.jobprocessor.logging.LogLayout;
import com.amazonaws.jobprocessor.work.call.StuckWatch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

class HeartbeatTest {
  private static final Optional<Duration> WATCHED = Optional.of(Duration.ofMinutes(3));

  private final List<String> sent = new ArrayList<>();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();
  private final Logger log = (Logger) LoggerFactory.getLogger(Heartbeat.class);
  private Status status = status("starting", List.of(), null);
  private final Heartbeat heartbeat = new Heartbeat(sent::add, WATCHED, () -> status);

  @BeforeEach
  void listen() {
    logged.start();
    log.addAppender(logged);
  }

  @AfterEach
  void listenNoMore() {
    log.detachAppender(logged);
  }

  private static Status status(
      String status, List<StuckWatch.Stuck> stuck, @Nullable Duration drainLeft) {
    return new Status(status, stuck, false, drainLeft);
  }

  private static StuckWatch.Stuck stuck(String what) {
    return new StuckWatch.Stuck(what, Duration.ofSeconds(70), Thread.currentThread());
  }

  private String beat(Status now) {
    sent.clear();
    status = now;
    heartbeat.beat();
    return String.join("|", sent);
  }

  @Test
  void the_status_is_told_when_it_changes_and_life_with_each_beat() {
    assertEquals("STATUS=a\nWATCHDOG=1", beat(status("a", List.of(), null)));
    assertEquals("WATCHDOG=1", beat(status("a", List.of(), null)));
    assertEquals("STATUS=b\nWATCHDOG=1", beat(status("b", List.of(), null)));
  }

  @Test
  void without_a_watchdog_a_beat_that_has_no_news_says_nothing() {
    Heartbeat unwatched = new Heartbeat(sent::add, Optional.empty(), () -> status);
    unwatched.beat();
    assertEquals(List.of("STATUS=starting"), sent);
    unwatched.beat();
    assertEquals(1, sent.size());
  }

  @Test
  void it_goes_on_when_a_job_has_taken_all_of_the_heap() throws Exception {
    BlockingQueue<String> told = new LinkedBlockingQueue<>();
    CountDownLatch full = new CountDownLatch(1);
    Heartbeat watched =
        new Heartbeat(
            told::add,
            WATCHED,
            () -> {
              full.countDown();
              throw new OutOfMemoryError("of a job");
            });
    try (watched) {
      watched.start();
      full.await();
      watched.ready(() -> status("a", List.of(), null), text -> text);
      assertEquals("READY=1", told.poll(30, TimeUnit.SECONDS));
      assertEquals("STATUS=a\nWATCHDOG=1", told.poll(30, TimeUnit.SECONDS));
    }
  }

  @ParameterizedTest
  @CsvSource({"180,2", "9,2", "6,2", "3,1"})
  void it_beats_three_times_as_often_as_it_must_and_every_two_seconds_at_least(
      int watchdog, int every) {
    Heartbeat watched =
        new Heartbeat(sent::add, Optional.of(Duration.ofSeconds(watchdog)), () -> status);
    assertEquals(Duration.ofSeconds(every), watched.every());
    assertEquals(
        Duration.ofSeconds(2), new Heartbeat(sent::add, Optional.empty(), () -> status).every());
  }

  @Test
  void what_is_stuck_is_said_once_with_its_stack_and_no_life_is_told_until_it_goes_on() {
    beat(status("a", List.of(), null));
    assertEquals("", beat(status("a", List.of(stuck("DeleteMessageBatch")), null)));
    assertEquals("", beat(status("a", List.of(stuck("DeleteMessageBatch"), stuck("b")), null)));

    assertEquals(1, logged.list.size());
    String line = new LogLayout(true).doLayout(logged.list.getFirst());
    assertTrue(line.startsWith("<3>stuck: "), line);
    assertTrue(line.contains(" what=DeleteMessageBatch for_secs=70 thread="), line);
    assertTrue(line.contains(HeartbeatTest.class.getName()), line);

    assertEquals("WATCHDOG=1", beat(status("a", List.of(), null)));
    assertEquals("", beat(status("a", List.of(stuck("c")), null)));
    assertEquals(3, logged.list.size());
  }

  @ParameterizedTest
  @CsvSource({"80000,30000000", "10000,30000000", "1,20001000", "-5000,15000000", "-19000,1000000"})
  void a_drain_asks_for_30_s_again_and_again_but_never_past_its_deadline_and_20_s(
      long millisLeft, long microseconds) {
    String state = beat(status("d", List.of(), Duration.ofMillis(millisLeft)));
    assertTrue(state.endsWith("\nEXTEND_TIMEOUT_USEC=" + microseconds), state);
    assertTrue(state.contains("WATCHDOG=1"), state);
  }

  @ParameterizedTest
  @CsvSource({"-20000", "-20001", "-900000"})
  void past_that_it_asks_for_nothing(long millisLeft) {
    String state = beat(status("d", List.of(), Duration.ofMillis(millisLeft)));
    assertFalse(state.contains("EXTEND"), state);
  }

  @Test
  void a_start_that_waits_for_the_instance_asks_for_time_and_any_other_does_not() {
    assertFalse(beat(status("starting", List.of(), null)).contains("EXTEND"));
    assertEquals(
        "STATUS=waits\nWATCHDOG=1\nEXTEND_TIMEOUT_USEC=30000000",
        beat(new Status("waits", List.of(), true, null)));
  }

  @Test
  void a_status_is_one_short_line_without_secrets() {
    heartbeat.ready(() -> status, text -> LogLayout.oneLine(text.replace("hunter2", "****")));
    assertEquals(List.of("READY=1"), sent);

    String state = beat(status("at hunter2\nWATCHDOG=1 " + "x".repeat(500), List.of(), null));

    assertTrue(state.startsWith("STATUS=at ****\\nWATCHDOG=1 xxx"), state);
    assertEquals(2, state.lines().count(), state);
    assertEquals("STATUS=".length() + 200, state.lines().findFirst().orElseThrow().length());
  }

  @Test
  void after_its_end_nothing_is_sent() {
    heartbeat.stopping();
    assertEquals(List.of("STOPPING=1"), sent);
    heartbeat.close();
    assertEquals("", beat(status("late", List.of(), null)));
  }
}
