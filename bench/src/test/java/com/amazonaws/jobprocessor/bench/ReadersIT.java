package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads few results, by the sample client as the build has left it. */
class ReadersIT {
  private static final int RESULTS = 500;

  @TempDir Path work;

  private ReadersRun read(int readers) throws Exception {
    try (SqsServer server = SqsServer.start(Duration.ZERO)) {
      return Readers.read(BuiltSite.in(work), server, "smoke", readers, RESULTS);
    }
  }

  @Test
  void one_reader_needs_two_requests_for_ten_results() throws Exception {
    ReadersRun run = read(1);

    assertTrue(run.isRight(), run.toString());
    // The rest: two looks for the queues, and what it asks of the dead letters meanwhile.
    assertEquals(2 * RESULTS / 10, run.requests(), RESULTS / 10);
  }

  @Test
  void two_readers_print_each_result_once() throws Exception {
    ReadersRun run = read(2);

    assertTrue(run.isRight(), run.toString());
  }
}
