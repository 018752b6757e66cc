package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MediansTest {
  private static Run run(int requests, int wallSeconds) {
    return new Run(
        1_000,
        Map.of("ReceiveMessage", requests),
        2 * requests,
        new Run.Start(Duration.ofMillis(200), Duration.ofMillis(300)),
        new Run.Work(
            Duration.ofSeconds(wallSeconds), Duration.ofMillis(120), Duration.ofMillis(20), 2048),
        new Verdict(0, 0, 0));
  }

  @Test
  void figures_follow_from_what_was_measured() {
    Run run = run(300, 2);
    assertEquals(0.3, run.requestsPerJob(), 1e-9);
    assertEquals(0.12, run.cpuSecondsPerThousand(), 1e-9);
    assertEquals(500, run.jobsPerSecond(), 1e-9);
    assertEquals(200, run.startMillis(), 1e-9);
    assertEquals(2, run.peakMegabytes(), 1e-9);
    assertEquals(0.24, run.dollarsPerMillion(), 1e-9); // of what is billed
    assertEquals(0.0725 * 2_000 / 3_600, run.computeDollarsPerMillion(), 1e-9);
  }

  @Test
  void the_middle_counts_not_the_mean() {
    Medians three = new Medians(Contestant.SDK_LOOP, List.of(run(1, 1), run(1, 9), run(1, 2)));
    assertEquals(500, three.of(Run::jobsPerSecond), 1e-9);
    Medians two = new Medians(Contestant.SDK_LOOP, List.of(run(100, 1), run(300, 1)));
    assertEquals(0.2, two.of(Run::requestsPerJob), 1e-9);
  }
}
