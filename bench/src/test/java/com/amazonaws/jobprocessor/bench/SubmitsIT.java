package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Submits little, by the sample client as the build has left it. */
class SubmitsIT {
  private static final int JOBS = 1_000;

  @TempDir Path work;

  private SubmitRun run(String... options) throws Exception {
    Path file = work.resolve("jobs.txt");
    Files.write(file, Jobs.texts(JOBS));
    try (SqsServer server = SqsServer.start(Duration.ZERO)) {
      return Submits.submit(
          BuiltSite.in(work), server, "smoke", List.of(options), new Submits.Lines(file, JOBS, 0));
    }
  }

  @Test
  void a_thousand_lines_take_a_hundred_requests_and_come_once() throws Exception {
    SubmitRun run = run();

    assertEquals(JOBS, run.came().distinct());
    assertEquals(JOBS, run.came().jobs());
    assertEquals(1 + JOBS / 10, run.requests());
    assertTrue(run.cpuSeconds() > 0 && run.peakMegabytes() > 10, run.toString());
  }

  @Test
  void a_thousand_lines_in_packs_take_one_request_and_come_once() throws Exception {
    SubmitRun run = run("--pack", "100");

    assertEquals(JOBS, run.came().distinct());
    assertEquals(JOBS / 100, run.came().messages());
    assertEquals(1 + 1, run.requests());
  }
}
