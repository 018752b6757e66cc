package com.amazonaws.jobprocessor.cli;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.sqs.model.Message;

/** {@code run-local} as a process, and through a queue. */
@Timeout(240)
class RunLocalIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String... args) throws IOException {
    Process process = ClientProcess.start(folder, endpoint, Map.of(), "", args);
    started.add(process);
    return process;
  }

  private static int status(Process process) throws InterruptedException {
    assertTrue(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS), "it does not end");
    return process.exitValue();
  }

  private String printed(String stream) throws IOException {
    return Files.readString(folder.resolve(stream));
  }

  @Test
  void a_signal_interrupts_the_jobs_and_says_what_was_done() throws Exception {
    Path jobs = file(List.of("sleep 0", "sleep 40000", "sleep 0"));
    Process process = start("run-local", "-t", "2", jobs.toString());
    await().atMost(PATIENCE).until(() -> printed("out").lines().count() == 2);

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertEquals(130, status(process));
    assertEquals(
        List.of("local-1\tslept 0 ms", "local-3\tslept 0 ms"),
        printed("out").lines().sorted().toList());
    assertTrue(
        printed("err")
            .contains("interrupted: of the lines up to 1 every job has ended, 2 jobs in all"),
        printed("err"));
  }

  @Test
  void a_job_that_ends_the_process_is_named_and_is_no_success() throws Exception {
    Path jar =
        ExecutorJar.of(
            folder.resolve("mine.jar"), "if (job.equals(\"x\")) System.exit(0); return job;");
    Path jobs = file(List.of("a", "x"));

    Process process =
        start("run-local", "-t", "1", "--lib", jar + "", "--executor=org.example.Mine", jobs + "");

    assertEquals(1, status(process), printed("err"));
    assertTrue(printed("err").contains("job local-2 has called System.exit"), printed("err"));
    assertTrue(printed("out").startsWith("local-1\ta\n"), printed("out"));
  }

  /** The word QUEUE is no name: it stands for the default queue. */
  @ParameterizedTest
  @CsvSource({"other-todo, other-todo", "QUEUE, " + BACKLOG})
  void the_name_of_a_queue_sends_the_workload_through_it(String source, String queue)
      throws Exception {
    List.of("other-todo", "QUEUE").forEach(name -> sqs.createQueue(r -> r.queueName(name)));
    Path jobs = file(List.of("sleep 5"));
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> run(new Stop(), out, err, "run-local", "-s", source, "-t", "4", "-w", jobs + ""));
    await().atMost(PATIENCE).until(() -> visible(queue) == 1);
    Message job = take(queue).getFirst();

    sendResult(job.messageAttributes().get("job_id").stringValue(), "slept 5 ms");

    assertEquals(0, status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS), err::toString);
    assertEquals("sleep 5", job.body());
    assertTrue(out.toString().endsWith("-1\tslept 5 ms\n"), out.toString());
  }
}
