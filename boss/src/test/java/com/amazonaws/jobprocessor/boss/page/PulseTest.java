package com.amazonaws.jobprocessor.boss.page;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.boss.store.Census;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
}
