package com.amazonaws.jobprocessor.stats;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.port.QueueGauge;
import com.amazonaws.jobprocessor.stats.Outlook.Trend;
import com.amazonaws.jobprocessor.stats.Snapshot.Depth;
import com.amazonaws.jobprocessor.stats.Snapshot.Sample;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import org.junit.jupiter.api.Test;

class OutlookTest {
  private static final Depth UNKNOWN = new Depth("q", null, Duration.ofSeconds(1));

  /** A queue of which a sample was taken each minute, the last of them just now. */
  static Outlook minutely(int minutes, IntToLongFunction messagesAt) {
    List<Sample> trend = new ArrayList<>();
    for (int minute = 0; minute <= minutes; minute++) {
      long messages = Math.max(0, messagesAt.applyAsLong(minute));
      trend.add(new Sample(Duration.ofMinutes(minutes - minute), messages));
    }
    return of(trend, trend.getLast().messages(), Duration.ZERO);
  }

  private static Outlook of(List<Sample> trend, long now, Duration age) {
    Depth backlog = new Depth("todo", new QueueGauge.Reading(now, 0, 0), age);
    return Outlook.of(new Snapshot.Queues(backlog, UNKNOWN, UNKNOWN, null, trend));
  }

  private static void assertAbout(Duration expected, Duration actual) {
    double off = Math.abs(expected.toMillis() - actual.toMillis()) / (double) expected.toMillis();
    assertTrue(off < 0.02, () -> "expected about " + expected + ", not " + actual);
  }

  @Test
  void a_backlog_that_shrinks_evenly_has_an_end_and_a_narrow_range() {
    Outlook outlook = minutely(10, minute -> 1_600 - 60L * minute);

    assertEquals(Trend.SHRINKING, outlook.trend());
    assertEquals(1, outlook.drained(), 0.001);
    Outlook.Span span = outlook.emptyIn().orElseThrow();
    assertAbout(Duration.ofSeconds(1_000), span.about());
    assertAbout(Duration.ofSeconds(952), span.soonest());
    assertAbout(Duration.ofSeconds(1_053), span.latest());
  }

  @Test
  void messages_in_flight_and_delayed_count_and_the_age_of_the_reading_does() {
    Depth backlog = new Depth("todo", new QueueGauge.Reading(500, 60, 40), Duration.ofSeconds(100));
    Outlook outlook =
        Outlook.of(
            new Snapshot.Queues(
                backlog,
                UNKNOWN,
                UNKNOWN,
                null,
                List.of(
                    new Sample(Duration.ofSeconds(300), 800),
                    new Sample(Duration.ofSeconds(200), 700))));

    assertEquals(600, outlook.messages(), 0.001);
    assertAbout(Duration.ofSeconds(500), outlook.emptyIn().orElseThrow().about());
  }

  @Test
  void one_that_grows_has_no_end() {
    Outlook outlook = minutely(10, minute -> 1_000 + 30L * minute);

    assertEquals(Trend.GROWING, outlook.trend());
    assertEquals(-0.5, outlook.drained(), 0.001);
    assertTrue(outlook.emptyIn().isEmpty());
  }

  @Test
  void what_only_wavers_is_steady() {
    Random random = new Random(1);
    Outlook outlook = minutely(15, _ -> 1_000 + random.nextInt(8) - 4L);

    assertEquals(Trend.STEADY, outlook.trend());
    assertTrue(outlook.emptyIn().isEmpty());
  }

  @Test
  void an_empty_one_is_empty_whatever_it_was() {
    assertEquals(Trend.EMPTY, minutely(10, minute -> 10 - minute).trend());
    assertEquals(Trend.EMPTY, minutely(0, _ -> 0).trend());
  }

  @Test
  void too_little_is_known_at_first() {
    Outlook nothing = Outlook.of(new Snapshot.Queues(UNKNOWN, UNKNOWN, UNKNOWN, null, List.of()));
    Outlook once = of(List.of(new Sample(Duration.ZERO, 50)), 50, Duration.ZERO);
    Outlook twice = of(List.of(new Sample(Duration.ofSeconds(10), 50)), 40, Duration.ZERO);
    Outlook later = of(List.of(new Sample(Duration.ofSeconds(20), 50)), 40, Duration.ZERO);

    assertEquals(Trend.UNKNOWN, nothing.trend());
    assertEquals(Trend.UNKNOWN, once.trend());
    assertEquals(Trend.UNKNOWN, twice.trend());
    assertEquals(Trend.SHRINKING, later.trend());
    assertEquals(0.25, later.margin(), "of two points nobody knows more");
  }

  @Test
  void a_batch_that_is_sent_does_not_hide_that_the_backlog_shrinks() {
    Outlook outlook = minutely(12, minute -> minute < 8 ? 0 : 5_000 - 60L * (minute - 8));

    assertEquals(Trend.SHRINKING, outlook.trend());
    assertEquals(1, outlook.drained(), 0.001);
  }

  @Test
  void a_batch_that_has_just_been_sent_is_growth() {
    Outlook outlook = of(List.of(new Sample(Duration.ofSeconds(10), 100)), 5_100, Duration.ZERO);

    assertEquals(Trend.GROWING, outlook.trend());
    assertEquals(-500, outlook.drained(), 0.001);
  }

  @Test
  void only_the_last_quarter_of_an_hour_counts() {
    Outlook outlook =
        minutely(59, minute -> minute < 40 ? 9_000 + 60L * minute : 11_400 - 120L * (minute - 40));

    assertEquals(2, outlook.drained(), 0.001);
  }

  @Test
  void the_score_says_how_wrong_such_forecasts_were() {
    Outlook even = minutely(40, minute -> 9_000 - 60L * minute);
    assertTrue(even.score().isKnown());
    assertEquals(0, even.score().median(), 0.001);

    Random random = new Random(7);
    Outlook noisy = minutely(40, minute -> 9_000 - 60L * minute + random.nextInt(120));
    assertTrue(noisy.score().median() > 0.01, noisy::toString);
    assertTrue(noisy.score().p80() >= noisy.score().median(), noisy::toString);
    assertTrue(noisy.margin() >= noisy.score().p80(), noisy::toString);

    // It was twice as fast until half an hour ago: the forecasts of then were wrong.
    Outlook slowed =
        minutely(40, minute -> 9_000 - 120L * minute + (minute > 20 ? 60L * (minute - 20) : 0));
    assertTrue(slowed.score().p80() > 0.3, slowed::toString);

    assertFalse(minutely(5, minute -> 900 - 60L * minute).score().isKnown());
  }

  @Test
  void a_forecast_that_reaches_the_end_is_not_blamed_for_it() {
    Outlook outlook = minutely(20, minute -> 900 - 60L * minute);

    assertEquals(Trend.EMPTY, outlook.trend());
    assertEquals(0, outlook.score().p80(), 0.001);
  }
}
