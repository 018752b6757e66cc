package com.amazonaws.jobprocessor.boss.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.Census;
import com.amazonaws.jobprocessor.boss.store.Control;
import com.amazonaws.jobprocessor.boss.store.QuickCensus;
import com.amazonaws.jobprocessor.boss.store.Results;
import com.amazonaws.jobprocessor.boss.store.Throughput;
import com.amazonaws.jobprocessor.boss.store.Views;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the overview says before the tasks have been counted. */
class PulseTest {
  @TempDir Path folder;

  @Test
  void numbers_that_are_not_known_yet_are_not_shown_as_none() {
    Instant now = Instant.parse("2026-01-02T12:00:00Z");
    try (TestSite site = new TestSite(folder)) {
      Pulse pulse =
          new Pulse(
              now,
              null,
              site.settings.dispatch(),
              List.of(new Census.Batch(7, "night", 1_000_000, "ada", now)));
      assertEquals(Optional.empty(), pulse.end());
      assertFalse(pulse.isEmpty());
      String html = new Templates().render("live.jte", Map.of("pulse", pulse));
      assertTrue(html.contains("the tasks are being counted"), html);
      assertTrue(html.contains("id=\"batch-7\""), html);
      assertTrue(html.contains("1,000,000"), html);
      assertFalse(html.contains(">0<"), html);
      assertFalse(html.contains("<dd>0 "), html);
      assertFalse(html.contains("no tasks yet"), html);
      assertFalse(html.contains("When tasks end"), html);
    }
  }

  @ParameterizedTest
  @CsvSource({"0,in the queue or running", "3,in the queue or running; 3 on their way there"})
  void a_tile_counts_what_its_link_lists(long sending, String detail) {
    Instant now = Instant.parse("2026-01-02T12:00:00Z");
    try (TestSite site = new TestSite(folder)) {
      Map<String, Long> states = Map.of("sending", sending, "dispatched", 4L, "waiting", 1L);
      Pulse.Numbers numbers =
          new Pulse.Numbers(
              new Census.Counts(now, Map.of(1L, states)), site.costs.outlooks().get(), List.of());
      Pulse pulse = new Pulse(now, numbers, site.settings.dispatch(), List.of());
      Pulse.Tile tile = pulse.tiles().get(1);
      assertEquals(
          List.of("dispatched", "4", detail), List.of(tile.state(), tile.value(), tile.detail()));
      assertEquals(5 + sending, pulse.open());
    }
  }

  @Test
  void what_somebody_else_has_counted_is_counted_again_before_it_is_shown() {
    AtomicLong waiting = new AtomicLong(1);
    try (TestSite site = new TestSite(folder)) {
      Census census =
          QuickCensus.of(
              site.database, site.clock, () -> Map.of(1L, Map.of("waiting", waiting.get())));
      Work work =
          new Work(
              site.tasks,
              new Results(site.database),
              census,
              site.operations,
              site.settings,
              new Control(site.database, site.actions),
              new Throughput(site.database, site.clock),
              Views.of(site.database, site.settings, site.clock),
              site.costs);
      census.counts();
      waiting.set(2);
      site.clock.pass(Duration.ofSeconds(1));
      try (Pulses pulses = new Pulses(work, work.throughput(), site.clock)) {
        Pulse pulse = taken(pulses);
        assertEquals("2", pulse.tiles().getFirst().value());
        assertEquals("", pulse.age());
      }
    }
  }

  /** With its numbers, however busy the machine is. */
  private static Pulse taken(Pulses pulses) {
    Pulse pulse = pulses.take();
    while (pulse.numbers() == null) {
      pulse = pulses.take();
    }
    return pulse;
  }

  @ParameterizedTest
  @CsvSource({
    "0,''",
    "800,''",
    "801,counted 1 s ago",
    "1500,counted 2 s ago",
    "9999,counted 10 s ago"
  })
  void counts_that_are_two_seconds_old_before_the_next_come_say_so(long millis, String words) {
    Instant now = Instant.parse("2026-01-02T12:00:00Z");
    try (TestSite site = new TestSite(folder)) {
      Pulse.Numbers numbers =
          new Pulse.Numbers(
              new Census.Counts(now.minusMillis(millis), Map.of()),
              site.costs.outlooks().get(),
              List.of());
      assertEquals(words, new Pulse(now, numbers, site.settings.dispatch(), List.of()).age());
    }
  }
}
