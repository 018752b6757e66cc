package com.amazonaws.jobprocessor.work.room;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.work.call.SettableClock;
import com.amazonaws.jobprocessor.work.call.WorkEvent;
import com.amazonaws.jobprocessor.work.job.Attempt;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ExecutorHealthTest {
  private static final long SECOND = Duration.ofSeconds(1).toNanos();

  private final SettableClock clock = new SettableClock();
  private final List<WorkEvent> events = new ArrayList<>();
  private final ExecutorHealth health = new ExecutorHealth(clock, events::add);

  private Attempt attempt() {
    return new Attempt(clock.nanoTime());
  }

  private void awaitNextTry() {
    clock.advance(Duration.ofNanos(health.nanosAway()));
  }

  @Test
  void a_box_is_taken_for_well() {
    assertNull(health.why());
    assertNull(health.whyNotBegin());
    assertEquals(0, health.nanosAway());
  }

  @Test
  void while_the_executor_is_unavailable_nothing_is_received_and_no_job_begins() {
    health.unavailable("a", "no license");

    assertEquals("no license", health.why());
    assertEquals("no license", health.whyNotBegin());
    assertTrue(health.nanosAway() >= SECOND && health.nanosAway() <= 2 * SECOND);
  }

  @Test
  void it_is_told_once_with_the_first_job_until_it_is_over() {
    for (String job : List.of("a", "b", "c")) {
      health.unavailable(job, "no license");
    }
    assertEquals(List.of(new WorkEvent.ExecutorUnavailable("a", "no license")), events);
    clock.advance(Duration.ofSeconds(90));
    health.worked(attempt());
    health.unavailable("d", "no license");

    assertEquals(
        List.of(
            new WorkEvent.ExecutorUnavailable("a", "no license"),
            new WorkEvent.ExecutorAvailable(Duration.ofSeconds(90)),
            new WorkEvent.ExecutorUnavailable("d", "no license")),
        events);
  }

  /**
   * The receive that is to bring the one to try with begins the next pause: it must not keep it.
   */
  @Test
  void after_the_pause_one_job_is_begun_to_try_and_no_other() {
    health.unavailable("a", "no license");
    awaitNextTry();
    health.beginTry();

    assertNull(health.whyNotBegin());
    assertEquals("no license", health.whyNotBegin());
    assertTrue(health.nanosAway() > 0, "the next receive comes after another pause");
  }

  @Test
  void a_try_that_works_ends_it() {
    health.unavailable("a", "no license");
    awaitNextTry();
    health.beginTry();
    assertNull(health.whyNotBegin());
    health.worked(attempt());

    assertNull(health.why());
    assertNull(health.whyNotBegin());
    assertEquals(0, health.nanosAway());
  }

  @Test
  void each_try_in_vain_doubles_the_pause_up_to_a_minute() {
    health.unavailable("a", "no license");
    for (long max = 2; max <= 128; max *= 2) {
      long step = Math.min(60, max) * SECOND;
      long pause = health.nanosAway();
      assertTrue(pause >= step / 2 && pause <= step, pause + " ns of at most " + step);
      awaitNextTry();
      health.beginTry();
      assertNull(health.whyNotBegin());
      health.unavailable("b", "no license");
    }
    health.worked(attempt());
    clock.advance(Duration.ofMinutes(1));
    health.unavailable("c", "no license");
    assertTrue(health.nanosAway() <= 2 * SECOND, "from the beginning");
  }

  /** It would say so twice in two seconds, and have a job come back each time. */
  @Test
  void a_box_that_is_well_only_now_and_then_waits_longer_in_between() {
    for (int i = 0; i < 10; i++) {
      health.unavailable("a", "no license");
      awaitNextTry();
      health.beginTry();
      assertNull(health.whyNotBegin());
      health.worked(attempt());
      clock.advance(Duration.ofSeconds(1));
    }
    health.unavailable("a", "no license");
    long pause = health.nanosAway();
    assertTrue(pause >= 8 * SECOND && pause <= 16 * SECOND, pause + " ns");
  }

  @Test
  void a_try_that_has_timed_out_was_in_vain_but_not_one_of_before() {
    Attempt before = attempt();
    clock.advance(Duration.ofSeconds(1));
    health.unavailable("a", "no license");
    for (int i = 0; i < 10; i++) {
      awaitNextTry();
      health.beginTry();
      assertNull(health.whyNotBegin());
      health.timedOut(before);
      health.timedOut(attempt());
    }
    assertEquals("no license", health.why());
    assertTrue(health.nanosAway() >= 30 * SECOND);
  }

  @Test
  void jobs_that_run_side_by_side_and_say_the_same_count_once() {
    health.unavailable("a", "no license");
    for (int i = 0; i < 20; i++) {
      clock.advance(Duration.ofMillis(10));
      health.unavailable("b", "no license");
    }

    assertTrue(health.nanosAway() <= 2 * SECOND);
  }

  @Test
  void a_receive_that_brings_no_job_to_try_with_lengthens_no_pause() {
    health.unavailable("a", "no license");
    for (int i = 0; i < 20; i++) {
      awaitNextTry();
      health.beginTry();
    }

    assertTrue(health.nanosAway() <= 2 * SECOND);
    assertNull(health.whyNotBegin(), "the next job tries");
  }

  @Test
  void an_attempt_that_began_before_the_executor_said_so_proves_nothing() {
    Attempt before = attempt();
    clock.advance(Duration.ofSeconds(1));
    health.unavailable("a", "no license");
    clock.advance(Duration.ofSeconds(1));
    health.worked(before);
    assertEquals("no license", health.why());

    health.worked(attempt());
    assertNull(health.why());
  }

  @Test
  void a_box_that_is_well_needs_no_try() {
    health.beginTry();
    health.unavailable("a", "no license");

    assertEquals("no license", health.whyNotBegin(), "a permit of before is none");
  }

  @Test
  void the_latest_reason_is_the_one_that_is_shown() {
    health.unavailable("a", "no license");
    health.unavailable("b", "no memory");

    assertEquals("no memory", health.why());
  }
}
