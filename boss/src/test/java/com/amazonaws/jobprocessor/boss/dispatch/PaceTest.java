package com.amazonaws.jobprocessor.boss.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.hours.ProcessingHours;
import com.amazonaws.jobprocessor.boss.hours.Window;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.SetClock;
import com.amazonaws.jobprocessor.boss.store.Settings;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;

class PaceTest {
  private static final ZoneId UTC = ZoneId.of("UTC");
  private static final ProcessingHours ALWAYS = ProcessingHours.always(UTC);
  // A Friday.
  private final SetClock clock = new SetClock("2026-01-02T12:00:00Z");
  private Results.Measured measured = new Results.Measured(0, null, 0);
  private final Pace pace = new Pace(clock::instant, () -> measured);

  private static Settings.Dispatch set(int perMinute, ProcessingHours hours) {
    return new Settings.Dispatch(false, perMinute, 10, hours);
  }

  private void answers(int count, int seconds) {
    measured = new Results.Measured(count, clock.instant().minusSeconds(seconds), 1000);
  }

  @Test
  void nothing_goes_out_while_paused_or_outside_the_hours() {
    assertEquals(0, pace.allowed(new Settings.Dispatch(true, 0, 10, ALWAYS), 0, 0));
    ProcessingHours night =
        new ProcessingHours(UTC, List.of(Window.parse("friday", "22:00", "23:00")));
    assertEquals(0, pace.allowed(set(0, night), 0, 0));
    assertFalse(pace.isFull());
    clock.set("2026-01-02T22:00:00Z");
    assertTrue(pace.allowed(set(0, night), 0, 0) > 0);
    clock.set("2026-01-02T23:00:00Z");
    assertEquals(0, pace.allowed(set(0, night), 0, 0));
  }

  @Test
  void a_few_go_out_before_anything_is_measured() {
    assertEquals(Pace.FIRST, pace.allowed(set(0, ALWAYS), 0, 0));
    assertEquals(0, pace.allowed(set(0, ALWAYS), Pace.FIRST, 0));
    assertTrue(pace.isFull());
  }

  @Test
  void no_more_is_out_than_ten_minutes_of_measured_work() {
    answers(60, 60);
    assertEquals(600, pace.allowed(set(0, ALWAYS), 0, 0));
    assertEquals(100, pace.allowed(set(0, ALWAYS), 500, 0));
    assertTrue(pace.allowed(set(0, ALWAYS), 700, 0) <= 0);
  }

  @Test
  void when_answers_stop_less_goes_out() {
    answers(60, 60);
    clock.pass(java.time.Duration.ofMinutes(9));
    assertEquals(60, pace.allowed(set(0, ALWAYS), 0, 0));
  }

  @Test
  void before_the_end_no_more_goes_out_than_is_done_by_then() {
    ProcessingHours day =
        new ProcessingHours(UTC, List.of(Window.parse("friday", "08:00", "12:01")));
    answers(60, 60);
    assertEquals(60, pace.allowed(set(0, day), 0, 0));
    clock.set("2026-01-02T12:00:57Z");
    answers(60, 60);
    assertEquals(3, pace.allowed(set(0, day), 0, 0));
    // A call that begins now may be answered when they are over.
    clock.set("2026-01-02T12:00:58Z");
    answers(60, 60);
    assertEquals(0, pace.allowed(set(0, day), 0, 0));
  }

  @Test
  void more_slots_than_tasks_are_found_out_by_an_empty_queue() {
    answers(20, 600);
    assertEquals(0, pace.allowed(set(0, ALWAYS), 20, 0));
    pace.queueHas(0, 20);
    assertEquals(20, pace.allowed(set(0, ALWAYS), 20, 0));
    pace.queueHas(5, 40);
    assertTrue(pace.allowed(set(0, ALWAYS), 40, 0) <= 0);
  }

  @Test
  void a_limit_a_minute_holds_whatever_the_workers_could_do() {
    answers(1000, 1);
    assertEquals(30, pace.allowed(set(30, ALWAYS), 0, 0));
    assertEquals(0, pace.allowed(set(30, ALWAYS), 0, 30));
    assertEquals(Pace.MAX_AT_ONCE, pace.allowed(set(0, ALWAYS), 0, 0));
  }
}
