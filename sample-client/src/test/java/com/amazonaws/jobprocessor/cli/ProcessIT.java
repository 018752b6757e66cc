package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
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
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The client as a process: its standard streams, and the signals that end it. */
@Timeout(240)
class ProcessIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(90);

  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  private Process start(String redirection, String... args) throws IOException {
    Process process = ClientProcess.start(folder, endpoint, Map.of(), redirection, args);
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
  void a_closed_standard_input_is_no_file_of_jobs() throws Exception {
    assertEquals(1, status(start("0<&-", "submit")));

    assertTrue(printed("err").contains("standard input is closed"), printed("err"));
    assertEquals(0, visible(BACKLOG));

    assertEquals(1, status(start("0<&-", "results", "--ids", "/dev/stdin")));
    assertTrue(printed("err").contains("standard input is closed"), printed("err"));
  }

  @Test
  void with_a_closed_standard_output_nothing_is_taken_from_the_queue() throws Exception {
    sendResult("a", "1");

    assertEquals(1, status(start("1>&-", "results", "--expect", "1")));

    assertTrue(printed("err").contains("standard output is closed"), printed("err"));
    assertEquals(1, visible(RESULTS));
  }

  @Test
  void a_closed_standard_error_costs_nothing_but_what_it_would_have_said() throws Exception {
    Path jobs = file(List.of("a", "b"));

    assertEquals(0, status(start("2>&- 0<&-", "submit", jobs.toString())));

    assertTrue(printed("out").startsWith("submitted 2 jobs"), printed("out"));
    assertEquals(2, visible(BACKLOG));
  }

  @Test
  void a_signal_lets_submit_say_what_was_taken() throws Exception {
    Process process = start("", "submit", "--ids", "--id-prefix", "p");
    process.getOutputStream().write("one\ntwo\n".getBytes(UTF_8));
    process.getOutputStream().flush();
    await().atMost(PATIENCE).until(() -> visible(BACKLOG) == 2);

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertEquals(130, status(process));
    assertEquals("p-1\np-2\n", printed("out"));
    assertTrue(printed("err").contains("interrupted: submitted 2 jobs"), printed("err"));
  }

  @Test
  void a_signal_lets_a_reader_give_back_what_it_holds() throws Exception {
    for (int i = 0; i < 15; i++) {
      sendResult("other-" + i, "x");
    }
    Process process = start("", "results", "--ids", file(List.of("a")).toString());
    await().atMost(PATIENCE).until(() -> invisible(RESULTS) > 0);

    process.destroy();

    assertEquals(143, status(process));
    awaitNothingHidden(RESULTS);
    assertEquals(15, visible(RESULTS));
  }

  @Test
  void a_reader_whose_pipe_nobody_reads_gives_back_what_it_holds() throws Exception {
    for (int i = 0; i < 15; i++) {
      sendResult("job-" + i, "x".repeat(100_000));
    }
    Process process = start("| { sleep 1; exec 0<&-; sleep 60; }", "results");

    await().atMost(PATIENCE).until(() -> printed("err").contains("cannot write"));

    awaitNothingHidden(RESULTS);
    assertEquals(15, visible(RESULTS));
    process.descendants().forEach(ProcessHandle::destroyForcibly);
  }
}
