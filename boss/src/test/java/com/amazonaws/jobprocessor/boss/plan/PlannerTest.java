package com.amazonaws.jobprocessor.boss.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.cost.Prices;
import com.amazonaws.jobprocessor.cost.Tariff;
import java.io.IOException;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PlannerTest {
  private static final double UNBOUNDED = Double.POSITIVE_INFINITY;
  private static final Instant NOW = Instant.parse("2026-01-02T22:00:00Z");
  private static final Instant IN_AN_HOUR = NOW.plus(Duration.ofHours(1));

  /** Two slots, a boot of two minutes, an hour for a dollar, disk and address beside it. */
  private static Planner planner(int max) {
    Tariff tariff = new Tariff(prices(), false, new Tariff.Box(BigDecimal.ONE, 0, false));
    return new Planner(new BoxTerms(2, Duration.ofMinutes(2), tariff, max));
  }

  private static Plan plan(int max, Instant now, @Nullable Instant closes, Load load, Pace pace) {
    return planner(max).plan(now, closes, load, pace, UNBOUNDED);
  }

  private static Prices prices() {
    try (InputStream in = Prices.class.getResourceAsStream(Prices.RESOURCE)) {
      return Prices.read(new String(in.readAllBytes(), StandardCharsets.UTF_8)).prices();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Plan.Needed needed(Plan plan) {
    Plan.Needed needed = plan.needed();
    assertNotNull(needed);
    return needed;
  }

  private static Instant doneAt(Plan plan) {
    Instant doneAt = needed(plan).doneAt();
    assertNotNull(doneAt);
    return doneAt;
  }

  @Test
  void boxes_that_are_not_there_yet_have_their_boot_time_less() {
    // 10 s a task, 2 slots: a box ends 0.2 a second, from minute 2 until 10 s before the end.
    double usable = 3600 - 10 - 120;
    long three = (long) (3 * 0.2 * usable);
    Plan plan = plan(100, NOW, IN_AN_HOUR, new Load(three, 10), Pace.NONE);
    assertEquals(3, needed(plan).boxes());
    assertTrue(needed(plan).inTime());
    assertFalse(doneAt(plan).isAfter(IN_AN_HOUR.minusSeconds(10)));
    assertTrue(doneAt(plan).isAfter(IN_AN_HOUR.minusSeconds(25)), plan.toString());
    assertEquals(4, needed(plan(100, NOW, IN_AN_HOUR, new Load(three + 1, 10), Pace.NONE)).boxes());
    assertNull(plan.doneAt());
  }

  @Test
  void what_was_measured_counts_more_than_slots_and_run_times() {
    // Two boxes end 0.1 a second each: half of what their slots would.
    Pace measured = new Pace(2, 0.2);
    Plan plan = plan(100, NOW, IN_AN_HOUR, new Load(1_000, 10), measured);
    assertEquals(NOW.plusSeconds(5_000), plan.doneAt());
    assertEquals(1_000 - 720, plan.leftAtEnd());
    // 718 by the two; 282 more at 347 a box.
    assertEquals(3, needed(plan).boxes());
    assertTrue(doneAt(plan).isBefore(IN_AN_HOUR));
  }

  @Test
  void fewer_boxes_than_there_are_may_be_enough() {
    Plan plan = plan(100, NOW, IN_AN_HOUR, new Load(300, 10), new Pace(8, 1.6));
    assertEquals(1, needed(plan).boxes());
    assertEquals(0L, plan.leftAtEnd());
    assertEquals(NOW.plusMillis(187_500), plan.doneAt());
  }

  @Test
  void there_may_be_too_few_boxes_or_too_little_time() {
    Plan few = plan(2, NOW, IN_AN_HOUR, new Load(100_000, 10), Pace.NONE);
    assertEquals(2, needed(few).boxes());
    assertFalse(needed(few).inTime());
    assertTrue(doneAt(few).isAfter(IN_AN_HOUR));
    Plan late = plan(100, NOW, NOW.plusSeconds(60), new Load(10, 10), Pace.NONE);
    assertFalse(needed(late).inTime());
    // Two minutes of boot and one that is billed at least: nothing comes of more boxes.
    assertEquals(1, needed(late).boxes());
    Load much = new Load(100_000, 10);
    for (int seconds : new int[] {100, 189, 190, 191}) {
      Plan plan = plan(100, NOW, NOW.plusSeconds(seconds), much, new Pace(3, 0.6));
      assertEquals(seconds < 190 ? 3 : 100, needed(plan).boxes(), seconds + " s");
    }
    Plan over = plan(100, NOW, NOW.minusSeconds(60), new Load(10, 10), new Pace(1, 1));
    assertFalse(needed(over).inTime());
    assertEquals(10L, over.leftAtEnd());
  }

  @Test
  void without_an_end_of_the_hours_there_is_nothing_to_be_in_time_for() {
    Plan plan = plan(100, NOW, null, new Load(720, 10), new Pace(3, 0.2));
    assertEquals(3, needed(plan).boxes());
    assertNull(plan.leftAtEnd());
    assertEquals(NOW.plusSeconds(3_600), plan.doneAt());
    assertEquals("3.00", needed(plan).cost().rounded(2));
    assertEquals(1, needed(plan(9, NOW, null, new Load(720, 10), Pace.NONE)).boxes());
  }

  @Test
  void nothing_is_said_of_what_was_never_measured() {
    assertEquals(Plan.UNKNOWN, plan(100, NOW, IN_AN_HOUR, new Load(10, 0), Pace.NONE));
  }

  @Test
  void nothing_to_do_is_done_now_and_costs_nothing() {
    Plan plan = plan(100, NOW, IN_AN_HOUR, new Load(0, 10), new Pace(2, 1));
    assertEquals(NOW, plan.doneAt());
    assertEquals(0, needed(plan).boxes());
    assertTrue(needed(plan).cost().isZero());
  }

  @Test
  void a_box_is_paid_from_its_launch_and_a_minute_at_least() {
    BoxTerms terms =
        new BoxTerms(
            2,
            Duration.ZERO,
            new Tariff(prices(), false, new Tariff.Box(BigDecimal.ONE, 8, true)),
            9);
    assertEquals(
        "1.0", new BoxTerms(1, Duration.ZERO, terms.tariff(), 9).cost(1, 3_600).rounded(1));
    // $0.08 a GB and month of 8 GB, $0.005 an hour for the address.
    assertEquals("1.0059", terms.cost(1, 3_600).rounded(4));
    assertEquals(terms.cost(1, 60), terms.cost(1, 1));
    assertEquals("2.0118", terms.cost(4, 1_800).rounded(4));
  }

  /** A night by its minutes: the same planner asked again and again, with what it would measure. */
  @ParameterizedTest
  @CsvSource({"0.1, 1", "0.05, 1", "0.2, 1", "0.1, 2"})
  void a_plan_corrects_itself_until_the_night_is_done_in_time(double each, int first) {
    Planner planner = planner(1_000);
    double open = 5_000;
    int boxes = first;
    Instant end = NOW.plus(Duration.ofHours(8));
    Instant now = NOW;
    while (open > 0 && now.isBefore(end)) {
      Load load = new Load((long) Math.ceil(open), 20);
      boxes =
          Math.max(
              boxes,
              needed(planner.plan(now, end, load, new Pace(boxes, boxes * each), UNBOUNDED))
                  .boxes());
      open -= boxes * each * 60;
      now = now.plusSeconds(60);
    }
    assertTrue(open <= 0, "left " + open);
    int ideal = (int) Math.ceil(5_000 / (each * (Duration.ofHours(8).toSeconds() - 140)));
    assertTrue(boxes <= Math.max(first, ideal + 1), boxes + " instead of " + ideal);
  }

  @Test
  void boxes_that_would_get_nothing_to_do_are_not_needed() {
    Load much = new Load(10_000, 10);
    // A box ends 0.2 a second, and one a second may go out: five are busy.
    Plan unmeasured = planner(100).plan(NOW, IN_AN_HOUR, much, Pace.NONE, 1);
    assertEquals(5, needed(unmeasured).boxes());
    assertFalse(needed(unmeasured).inTime());
    assertEquals(NOW.plusSeconds(10_120), doneAt(unmeasured));
    // As many as there are, if these do nearly all that goes out.
    for (int there : new int[] {1, 5, 20}) {
      Plan plan = planner(100).plan(NOW, IN_AN_HOUR, much, new Pace(there, 0.97), 1);
      assertEquals(there, needed(plan).boxes());
      assertFalse(needed(plan).inTime());
      assertFalse(doneAt(plan).isBefore(NOW.plusSeconds(10_000)));
    }
    Plan slow = planner(100).plan(NOW, IN_AN_HOUR, much, new Pace(2, 0.2), 1);
    assertEquals(10, needed(slow).boxes());
    Plan enough = planner(100).plan(NOW, IN_AN_HOUR, new Load(500, 10), new Pace(2, 0.4), 1);
    assertEquals(1, needed(enough).boxes());
    assertTrue(needed(enough).inTime());
    assertEquals(
        NOW.plusSeconds(10_000), doneAt(planner(9).plan(NOW, null, much, new Pace(9, 9), 1)));
  }

  @Test
  void huge_numbers_do_not_overflow() {
    Plan plan = plan(1_000, NOW, IN_AN_HOUR, new Load(Long.MAX_VALUE, 1e9), Pace.NONE);
    assertFalse(needed(plan).inTime());
    Plan slow = plan(9, NOW, IN_AN_HOUR, new Load(Long.MAX_VALUE, 1), new Pace(1, 1e-9));
    assertTrue(slow.doneAt() != null && slow.doneAt().isAfter(NOW));
    assertTrue(Double.parseDouble(needed(slow).cost().rounded(2)) > 0);
  }
}
