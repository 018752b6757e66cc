package com.amazonaws.jobprocessor.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.bench.sqs.SqsServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures little, of workers as the build has left them, and asserts what does not hang on time.
 */
@Tag("long")
class SmokeIT {
  private static final int JOBS = 200;

  @TempDir Path work;

  private Site site() {
    return BuiltSite.in(work);
  }

  private Run run(Contestant contestant, int slots) throws Exception {
    return run(site(), contestant, slots);
  }

  private static Run run(Site site, Contestant contestant, int slots) throws Exception {
    try (SqsServer server = site.tls().server(Duration.ZERO)) {
      return new Trial(site, server).run("smoke", contestant, JOBS, slots);
    }
  }

  @Test
  void this_daemon_does_every_job_once_with_few_requests() throws Exception {
    int start = 8; // three queues are looked up; two are asked for their settings, three for counts
    int emptyAtTheEnd = 15; // with 64 slots so many receives may be under way when no job is left
    int notFull = 4; // batches of the first and the last jobs
    double few = start + 0.30 * JOBS + emptyAtTheEnd + notFull + 0.5;
    Run run = run(Contestant.JOB_PROCESSOR, 64);
    // A machine that pauses sends batches that are not full.
    for (int again = 0; again < 2 && run.requestsPerJob() * JOBS > few; again++) {
      run = run(Contestant.JOB_PROCESSOR, 64);
    }

    assertTrue(run.verdict().isRight(), run.verdict().toString());
    assertTrue(run.requestsPerJob() * JOBS <= few, run.requests().toString());
    assertEquals(3, run.requests().get("GetQueueUrl"));
    assertTrue(run.cpuSecondsPerThousand() > 0 && run.peakMegabytes() > 10, run.toString());
  }

  @Test
  void this_daemon_and_a_plain_jvm_do_every_job_once_by_tls() throws Exception {
    Site site = site().withTls();

    for (Contestant contestant : List.of(Contestant.JOB_PROCESSOR, Contestant.SDK_LOOP)) {
      Run run = run(site, contestant, 4);
      assertTrue(run.verdict().isRight(), contestant.title() + ": " + run.verdict());
    }
  }

  @Test
  void the_naive_loop_makes_two_requests_a_job_and_its_receives() throws Exception {
    Run run = run(Contestant.SDK_LOOP, 4);

    assertTrue(run.verdict().isRight(), run.verdict().toString());
    assertEquals(JOBS, run.requests().get("SendMessage"));
    assertEquals(JOBS, run.requests().get("DeleteMessage"));
    assertTrue(run.requestsPerJob() <= 2.25, run.requests().toString());
  }

  @Test
  void sqs_consumer_makes_as_few_requests_as_this_daemon_and_trusts_the_server_as_well()
      throws Exception {
    installSqsConsumer();

    Run run = run(site().withTls(), Contestant.SQS_CONSUMER, 40);

    assertTrue(run.verdict().isRight(), run.verdict().toString());
    assertEquals(2, run.requests().get("GetQueueUrl"));
    assertEquals(JOBS / 10, run.requests().get("SendMessageBatch"));
    assertEquals(JOBS / 10, run.requests().get("DeleteMessageBatch"));
    int receives = run.requests().getOrDefault("ReceiveMessage", 0);
    assertTrue(JOBS / 10 <= receives && receives <= JOBS / 10 + 4, run.requests().toString());
  }

  private void installSqsConsumer() throws Exception {
    assumeTrue(starts("node") && starts("npm"), "node or npm is missing: no sqs-consumer");
    Path said = work.resolve("install.log");
    int status =
        new ProcessBuilder(site().peers().resolve("sqs-consumer/install").toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start()
            .waitFor();
    String words = Files.readString(said);
    assumeFalse(words.contains("Node.js is "), words); // too old a one
    if (status != 0) {
      assumeTrue(reachesRegistry(), "npm does not reach its registry: no sqs-consumer; " + words);
    }
    assertEquals(0, status, words);
  }

  private static boolean reachesRegistry() throws InterruptedException {
    return starts("npm", "ping", "--fetch-retries=0");
  }

  @Test
  void jobs_are_done_once_each_while_the_page_is_looked_at_and_attacked() throws Exception {
    Path json = work.resolve("page.json");
    Options options =
        Options.read(
            List.of(
                "mode=page",
                "jobs=60000",
                "rounds=1",
                "slots=4",
                "connections=200",
                "json=" + json));

    assertTrue(new PageCost(options, site(), new Progress(false)).run(), () -> read(json));
    assertTrue(read(json).contains("\"worker\":\"page, attacked\""), () -> read(json));
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void jobs_in_python_are_done_once_as_well() throws Exception {
    assumeTrue(starts("python3"), "python3 is missing: no jobs in Python");

    Run run = run(Contestant.PYTHON, 2);

    assertTrue(run.verdict().isRight(), run.verdict().toString());
  }

  @Test
  void packs_are_done_in_python_as_well() throws Exception {
    assumeTrue(starts("python3"), "python3 is missing: no jobs in Python");
    try (SqsServer server = SqsServer.start(Duration.ZERO)) {
      Load load = new PackedJobs(Jobs.texts(1_000), 100);

      Run run = new Trial(site(), server).run("packs", Contestant.PYTHON, load, 2);

      assertTrue(run.verdict().isRight(), run.verdict().toString());
    }
  }

  /** Whether a program is here and ends well; without arguments it is asked for its version. */
  private static boolean starts(String program, String... arguments) throws InterruptedException {
    List<String> command = new ArrayList<>(List.of(program));
    command.addAll(arguments.length == 0 ? List.of("--version") : List.of(arguments));
    try {
      return new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
