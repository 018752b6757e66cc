package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.testkit.EmbeddedSqs;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever a command prints: if nobody can have it, the command says so and ends with 1. */
@Tag("long")
@Timeout(300)
class FullDiskIT extends WorkersFixture {
  private static final OutputStream FULL =
      new OutputStream() {
        @Override
        public void write(int b) throws IOException {
          throw new IOException("No space left on device");
        }
      };

  private String said(String... args) {
    PrintStream before = System.err;
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
    try {
      assertEquals(
          1, SampleClient.run(args, FULL, new Stop()), () -> err.toString(StandardCharsets.UTF_8));
    } finally {
      System.setErr(before);
    }
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--help",
        "--version",
        "run --help",
        "help submit",
        "completion bash",
        "generate -t 3 -v 1",
        "cost",
        "submit JOBS",
        "submit --json JOBS",
        "submit --ids JOBS",
        "submit --ids --job-table jobs JOBS",
        "run --id-prefix p JOBS",
        "run --format csv --id-prefix p JOBS",
        "results",
        "results --ids IDS",
        "results --follow --timeout 600",
        "results --expect 1 --json",
        "dead-letters",
        "dead-letters --json",
        "dead-letters --by-error",
        "dead-letters show dead-1",
        "queues",
        "queues --watch 1",
        "queues --json",
        "status --job-table jobs a",
        "status --job-table jobs --watch a",
        "explain --job-table jobs a",
        "cancel --job-table jobs b",
        "audit --job-table jobs --ids IDS",
        "repair --job-table jobs",
        "repair --job-table jobs --ids --older-than 0",
        "run-local -w JOBS",
        "run-local --json -w JOBS",
        "replay --file JOB"
      })
  void what_cannot_be_printed_is_said(String line) throws Exception {
    String jobs = file("sleep 1", "sleep 2").toString();
    done("submit", "--id-prefix", "a", "--job-table", TABLE, jobs);
    sqs.sendWithAttributes(RESULTS, "1", Map.of("job_id", "p-1"));
    sqs.sendWithAttributes(RESULTS, "2", Map.of("job_id", "p-2"));
    sqs.sendWithAttributes(
        DEAD, "job", Map.of("job_id", "dead-1", "error_type", "E", "error_message", "e"));

    String said =
        said(
            line.replace("JOBS", jobs)
                .replace("JOB", file("sleep 1").toString())
                .replace("IDS", file("p-1", "p-2").toString())
                .replace(" a", " a-1")
                .split(" ", -1));

    assertTrue(said.contains("cannot write"), said);
    assertTrue(said.contains("standard output"), said);
    assertTrue(said.lines().allMatch(one -> one.matches("(sample-client: |\\{\"jobs\":).*")), said);
    for (String queue : List.of(RESULTS, DEAD)) {
      assertEquals(
          new EmbeddedSqs.Counts(queue.equals(DEAD) ? 1 : 2, 0, 0), sqs.counts(queue), queue);
    }
  }
}
