package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.stats.MoreBoxes.NewBox;
import com.amazonaws.jobprocessor.stats.Outlook.Score;
import com.amazonaws.jobprocessor.stats.Outlook.Trend;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class MoreBoxesTest {
  private static final NewBox BOX =
      new NewBox(1, 1, Duration.ofSeconds(5), Duration.ofSeconds(100), new BigDecimal("0.36"));

  private static Outlook outlook(Trend trend, double messages, double drained) {
    return new Outlook(trend, messages, drained, 0.1, Duration.ZERO, new Score(0, 0, 0));
  }

  @Test
  void they_work_once_they_have_booted() {
    // 1,100 messages at one a second; after 100 s of boot 1,000 are left for two workers.
    List<MoreBoxes> more = MoreBoxes.of(outlook(Trend.SHRINKING, 1_100, 1), BOX);

    assertEquals(List.of(1, 2, 5, 10), more.stream().map(MoreBoxes::boxes).toList());
    assertEquals(Duration.ofMinutes(10), more.getFirst().done().about());
    assertEquals(
        Duration.ofSeconds(100 + 1_000 / 11).toSeconds(),
        more.getLast().done().about().toSeconds());
    assertTrue(more.getFirst().done().soonest().compareTo(Duration.ofMinutes(10)) < 0);
    assertTrue(more.getFirst().done().latest().compareTo(Duration.ofMinutes(10)) > 0);
  }

  @Test
  void they_cost_from_their_start_to_the_end_a_minute_at_least() {
    List<MoreBoxes> more = MoreBoxes.of(outlook(Trend.SHRINKING, 1_100, 1), BOX);
    assertEquals("0.060000", Objects.requireNonNull(more.getFirst().dollars()).rounded(6));
    assertEquals("0.086667", Objects.requireNonNull(more.get(1).dollars()).rounded(6));

    NewBox quick = new NewBox(100, 1, Duration.ZERO, Duration.ZERO, new BigDecimal("0.36"));
    MoreBoxes soon = MoreBoxes.of(outlook(Trend.SHRINKING, 100, 1), quick).getFirst();
    assertEquals("0.006000", Objects.requireNonNull(soon.dollars()).rounded(6), "billed: 60 s");
  }

  @Test
  void their_jobs_come_in_packs() {
    NewBox box = new NewBox(100, 50, Duration.ZERO, Duration.ZERO, null);
    MoreBoxes one = MoreBoxes.of(outlook(Trend.STEADY, 100, 0), box).getFirst();
    assertEquals(Duration.ofSeconds(50), one.done().about());
  }

  /** 0.3 divided by 0.1 is a little less than 3: that many would take longer than time can tell. */
  @Test
  void so_many_that_the_backlog_would_hardly_shrink_are_not_offered() {
    NewBox box = new NewBox(0.1, 1, Duration.ZERO, Duration.ofSeconds(100), BigDecimal.ONE);
    List<MoreBoxes> more = MoreBoxes.of(outlook(Trend.GROWING, 1_000, -0.3), box);

    assertEquals(List.of(6, 15, 30), more.stream().map(MoreBoxes::boxes).toList());
  }

  @Test
  void a_price_that_is_not_known_is_not_guessed() {
    NewBox box = new NewBox(1, 1, Duration.ZERO, Duration.ZERO, null);
    assertNull(MoreBoxes.of(outlook(Trend.STEADY, 100, 0), box).getFirst().dollars());
  }

  @Test
  void those_that_would_boot_after_the_end_are_not_offered() {
    assertEquals(List.of(), MoreBoxes.of(outlook(Trend.SHRINKING, 50, 1), BOX));
    assertEquals(List.of(), MoreBoxes.of(outlook(Trend.EMPTY, 0, 0), BOX));
    assertEquals(List.of(), MoreBoxes.of(outlook(Trend.UNKNOWN, 500, 0), BOX));
  }

  @Test
  void nothing_is_done_before_one_job_has_been() {
    NewBox slow = new NewBox(1, 1, Duration.ofSeconds(300), Duration.ofSeconds(100), null);
    List<MoreBoxes> more = MoreBoxes.of(outlook(Trend.SHRINKING, 1_100, 1), slow);

    assertEquals(
        Duration.ofSeconds(433), more.get(1).done().about().truncatedTo(ChronoUnit.SECONDS));
    assertEquals(Duration.ofSeconds(400), more.get(2).done().about());
    assertEquals(3, more.size(), "ten would be no sooner than five");
  }

  @Test
  void against_a_backlog_that_grows_it_takes_enough_to_turn_it() {
    List<MoreBoxes> more = MoreBoxes.of(outlook(Trend.GROWING, 1_000, -2.5), BOX);

    assertEquals(List.of(3, 6, 15, 30), more.stream().map(MoreBoxes::boxes).toList());
    // It grows to 1,250 while they boot, then shrinks by half a message a second.
    assertEquals(Duration.ofSeconds(2_600), more.getFirst().done().about());
  }
}
