package com.amazonaws.jobprocessor.stats;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.QueueDepths.Queue;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QueueWatchTest {
  private final SettableClock clock = new SettableClock();
  private final QueueDepths depths = new QueueDepths(StatsRig.NAMES, clock);
  private final Problems problems = new Problems();
  private final QueueWatch watch = new QueueWatch(depths, problems, clock);
  private final Map<Queue, Gauge> gauges = new EnumMap<>(Queue.class);
  private Thread thread = new Thread();

  private static final class Gauge implements QueueGauge {
    final AtomicInteger asked = new AtomicInteger();
    volatile Reading reading = new Reading(1, 2, 3);
    volatile boolean denied;
    volatile boolean broken;

    @Override
    public String name() {
      return "q";
    }

    @Override
    public Reading read() throws CallFailed {
      asked.incrementAndGet();
      if (broken) {
        throw new NumberFormatException("of an answer that makes no sense");
      }
      if (denied) {
        throw new CallFailed(
            "AccessDenied", "no", CallFailed.Kind.REJECTED, new IllegalStateException());
      }
      return reading;
    }
  }

  @BeforeEach
  void run() {
    for (Queue queue : Queue.values()) {
      gauges.put(queue, new Gauge());
    }
    thread =
        Thread.startVirtualThread(
            () -> {
              try {
                watch.run(Map.copyOf(gauges));
              } catch (InterruptedException e) {
                // the end of the test
              }
            });
    awaitAsked(1, 1, 1);
  }

  @AfterEach
  void end() throws Exception {
    thread.interrupt();
    thread.join();
  }

  private Gauge gauge(Queue queue) {
    return gauges.getOrDefault(queue, new Gauge());
  }

  private List<Integer> asked() {
    return List.of(
        gauge(Queue.BACKLOG).asked.get(),
        gauge(Queue.RESULTS).asked.get(),
        gauge(Queue.DEAD_LETTERS).asked.get());
  }

  private void awaitAsked(int backlog, int results, int deadLetters) {
    await().until(() -> asked().equals(List.of(backlog, results, deadLetters)));
    // Whatever was due has been asked for: it waits again.
    await().until(() -> clock.waiters() > 0);
  }

  /** Second by second, so that nothing is due later than it is noticed. */
  private void pass(int seconds) {
    for (int i = 0; i < seconds; i++) {
      clock.advance(Duration.ofSeconds(1));
    }
  }

  @Test
  void while_nobody_looks_each_queue_is_asked_for_once_in_three_minutes() {
    pass(179);
    assertEquals(List.of(1, 1, 1), asked());
    pass(1);
    awaitAsked(2, 2, 2);
  }

  @Test
  void while_numbers_are_fetched_each_queue_is_asked_for_once_a_minute() {
    pass(50);
    watch.fetched();
    pass(9);
    assertEquals(List.of(1, 1, 1), asked());
    pass(1);
    awaitAsked(2, 2, 2);
    pass(45);
    watch.fetched();
    pass(15);
    awaitAsked(3, 3, 3);
  }

  @Test
  void while_somebody_looks_the_backlog_is_asked_for_once_in_ten_seconds() {
    pass(30);
    watch.lookedAt();
    awaitAsked(2, 1, 1);
    for (int i = 3; i <= 5; i++) {
      pass(9);
      for (int j = 0; j < 100; j++) {
        watch.lookedAt();
      }
      assertEquals(i - 1, gauge(Queue.BACKLOG).asked.get());
      pass(1);
      int expected = i;
      await().until(() -> gauge(Queue.BACKLOG).asked.get() == expected);
    }
    awaitAsked(5, 2, 2);
  }

  @Test
  void half_a_minute_after_the_last_look_it_is_asked_for_seldom_again() {
    watch.lookedAt();
    pass(10);
    awaitAsked(2, 1, 1);
    pass(10);
    awaitAsked(3, 1, 1);
    pass(10);
    assertEquals(3, gauge(Queue.BACKLOG).asked.get());
    pass(29);
    assertEquals(3, gauge(Queue.BACKLOG).asked.get());
  }

  @Test
  void what_is_told_has_an_age_that_grows() {
    pass(5);
    Snapshot.Depth backlog = depths.now(null, 1, ListedBoxes.NOT_KNOWN).backlog();

    assertEquals("todo", backlog.name());
    assertEquals(new QueueGauge.Reading(1, 2, 3), backlog.reading());
    assertEquals(Duration.ofSeconds(5), backlog.age());
  }

  @Test
  void a_request_that_fails_leaves_the_old_numbers_and_is_a_problem_until_one_works() {
    gauge(Queue.BACKLOG).denied = true;
    gauge(Queue.RESULTS).broken = true;
    pass(180);
    awaitAsked(2, 2, 2);

    assertEquals(Duration.ofMinutes(3), depths.now(null, 1, ListedBoxes.NOT_KNOWN).backlog().age());
    assertEquals(
        new QueueGauge.Reading(1, 2, 3),
        depths.now(null, 1, ListedBoxes.NOT_KNOWN).backlog().reading());
    await().until(() -> problems.now().size() == 2);
    assertEquals(
        new Snapshot.Problem(
            "a right is missing: how many messages a queue holds is not known",
            "queue=q right=sqs:GetQueueAttributes"),
        problems.now().getFirst());
    assertTrue(problems.now().getLast().facts().contains("error=NumberFormatException"));

    gauge(Queue.BACKLOG).denied = false;
    gauge(Queue.RESULTS).broken = false;
    pass(180);
    awaitAsked(3, 3, 3);
    await().until(() -> problems.now().isEmpty());
    assertFalse(depths.now(null, 1, ListedBoxes.NOT_KNOWN).backlog().age().isPositive());
  }

  @Test
  void nearly_as_many_in_flight_as_sqs_allows_are_a_problem_of_the_backlog_alone() {
    for (Queue queue : Queue.values()) {
      gauge(queue).reading = new QueueGauge.Reading(1, 108_000, 0);
    }
    pass(180);
    awaitAsked(2, 2, 2);
    await().until(() -> problems.now().size() == 1);
    assertEquals(
        "queue=q in_flight=108000 at_most_about=120000", problems.now().getFirst().facts());

    gauge(Queue.BACKLOG).reading = new QueueGauge.Reading(1, 107_999, 0);
    pass(180);
    await().until(() -> problems.now().isEmpty());
  }

  @Test
  void the_backlogs_trend_has_a_point_a_minute_for_an_hour() {
    for (int i = 0; i < 8; i++) {
      gauge(Queue.BACKLOG).reading = new QueueGauge.Reading(100 - i, 0, 0);
      watch.lookedAt();
      pass(10);
      int expected = i + 2;
      await().until(() -> gauge(Queue.BACKLOG).asked.get() == expected);
    }
    await().until(() -> depths.now(null, 1, ListedBoxes.NOT_KNOWN).trend().size() == 2);
    assertEquals(6, depths.now(null, 1, ListedBoxes.NOT_KNOWN).trend().getFirst().messages());

    for (int i = 0; i < 40; i++) {
      int before = gauge(Queue.BACKLOG).asked.get();
      pass(180);
      await().until(() -> gauge(Queue.BACKLOG).asked.get() == before + 1);
    }
    await()
        .until(
            () ->
                depths.now(null, 1, ListedBoxes.NOT_KNOWN).trend().stream()
                    .allMatch(sample -> sample.ago().compareTo(Duration.ofHours(1)) <= 0));
    assertTrue(
        depths.now(null, 1, ListedBoxes.NOT_KNOWN).trend().size() <= 21,
        depths.now(null, 1, ListedBoxes.NOT_KNOWN).trend()::toString);
  }

  @Test
  void nothing_is_known_of_a_queue_that_was_never_told_of() {
    assertNull(
        new QueueDepths(StatsRig.NAMES, clock)
            .now(null, 1, ListedBoxes.NOT_KNOWN)
            .results()
            .reading());
  }
}
