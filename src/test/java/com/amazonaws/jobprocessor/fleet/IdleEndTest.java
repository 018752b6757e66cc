package com.amazonaws.jobprocessor.fleet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.CallFailed;
import com.amazonaws.jobprocessor.port.InMemoryQueue;
import com.amazonaws.jobprocessor.work.call.SettableClock;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class IdleEndTest {
  private static final Duration AFTER = Duration.ofSeconds(60);

  private final SettableClock clock = new SettableClock();
  private final FakeWorker worker = new FakeWorker();
  private final IdleWatch idle = new IdleWatch(AFTER, clock);
  private final AtomicInteger ends = new AtomicInteger();
  private @Nullable Duration stays;
  private final IdleEnd end =
      new IdleEnd(
          idle,
          worker,
          () -> {
            ends.incrementAndGet();
            return stays;
          },
          clock);

  private boolean lookIn(int seconds) throws InterruptedException {
    clock.advance(Duration.ofSeconds(seconds));
    idle.answered(false);
    return end.look();
  }

  @Test
  void it_ends_when_it_has_been_idle_for_long_enough_and_not_before() throws Exception {
    assertFalse(lookIn(59));
    assertEquals(List.of(), worker.calls());

    assertTrue(lookIn(1));
    assertEquals(1, ends.get());
  }

  @Test
  void time_counts_from_the_end_of_the_last_job() throws Exception {
    worker.busy(true);
    assertFalse(lookIn(600));
    worker.busy(false);

    assertFalse(lookIn(59));
    assertTrue(lookIn(1));
  }

  @Test
  void a_job_that_was_received_and_done_between_two_looks_counts() throws Exception {
    lookIn(50);
    idle.busy();

    assertFalse(lookIn(59));
    assertTrue(lookIn(1));
  }

  @Test
  void a_job_that_comes_with_the_last_receive_keeps_it() throws Exception {
    worker.jobComesWithTheLastReceive();

    assertFalse(lookIn(60));
    assertEquals(0, ends.get());
    worker.busy(false);
    assertFalse(lookIn(59));
    assertTrue(lookIn(1));
  }

  @Test
  void a_box_that_is_to_stay_receives_again_and_tries_again_later() throws Exception {
    stays = Duration.ofMinutes(5);
    assertFalse(lookIn(60));
    assertEquals(List.of("pause", "resume"), worker.calls());

    assertFalse(lookIn(299));
    assertEquals(1, ends.get());
    stays = null;
    assertTrue(lookIn(1));
    assertEquals(2, ends.get());
  }

  @Test
  void while_nobody_knows_whether_there_are_jobs_it_stays() throws Exception {
    clock.advance(Duration.ofHours(1)); // the job table is away: nothing is asked
    assertFalse(end.look());

    assertFalse(lookIn(59));
    assertTrue(lookIn(1));
  }

  @Test
  void a_backlog_that_does_not_answer_may_have_jobs() throws Exception {
    InMemoryQueue queue = new InMemoryQueue("todo", clock);
    IdlePolls polls = new IdlePolls(queue, idle);
    clock.advance(Duration.ofSeconds(59));
    queue.failNext(new CallFailed("HTTP 500", "away", CallFailed.Kind.UNKNOWN, new IOException()));
    assertThrows(CallFailed.class, () -> polls.receive(1, Duration.ZERO, Duration.ofMinutes(1)));
    clock.advance(Duration.ofSeconds(90)); // the back-off may be longer than what is idle
    assertFalse(end.look());
    polls.receive(1, Duration.ZERO, Duration.ofMinutes(1));

    clock.advance(Duration.ofSeconds(59));
    assertFalse(end.look());
    clock.advance(Duration.ofSeconds(1));
    assertTrue(end.look());
  }

  @Test
  void long_polls_end_when_it_has_been_idle_for_long_enough() throws Exception {
    AskedWaits waits = new AskedWaits(new InMemoryQueue("todo", clock));
    IdlePolls polls = new IdlePolls(waits, idle);
    Duration lease = Duration.ofMinutes(1);
    Duration longest = Duration.ofSeconds(20);

    polls.receive(10, longest, lease);
    clock.advance(Duration.ofSeconds(55));
    polls.receive(10, longest, lease);
    clock.advance(Duration.ofMillis(4_500));
    polls.receive(10, longest, lease);
    clock.advance(Duration.ofSeconds(100));
    polls.receive(10, longest, lease);
    polls.receive(10, Duration.ZERO, lease);

    assertEquals(List.of(20L, 5L, 1L, 1L, 0L), waits.seconds);
  }

  /** A box at its group's minimum asked once a second, twenty times as often as it should. */
  @Test
  void a_box_that_is_to_stay_polls_for_as_long_as_before() throws Exception {
    AskedWaits waits = new AskedWaits(new InMemoryQueue("todo", clock));
    IdlePolls polls = new IdlePolls(waits, idle);
    Duration lease = Duration.ofMinutes(1);
    Duration longest = Duration.ofSeconds(20);
    stays = Duration.ofMinutes(5);
    assertFalse(lookIn(60));

    polls.receive(10, longest, lease);
    idle.busy(); // a job
    clock.advance(Duration.ofSeconds(61));
    polls.receive(10, longest, lease);
    assertFalse(end.look());
    clock.advance(Duration.ofSeconds(237));
    polls.receive(10, longest, lease);
    assertFalse(end.look());

    assertEquals(List.of(20L, 20L, 2L), waits.seconds);
    stays = null;
    assertTrue(lookIn(2));
  }

  @Test
  void a_receive_that_brings_a_job_is_no_idle_time() throws Exception {
    InMemoryQueue queue = new InMemoryQueue("todo", clock);
    IdlePolls polls = new IdlePolls(queue, idle);
    clock.advance(Duration.ofSeconds(50));

    polls.receive(1, Duration.ZERO, Duration.ofMinutes(1));
    assertEquals(Duration.ofSeconds(10).toNanos(), idle.nanosLeft());
    queue.put("job");
    polls.receive(1, Duration.ZERO, Duration.ofMinutes(1));

    assertEquals(AFTER.toNanos(), idle.nanosLeft());
  }
}
