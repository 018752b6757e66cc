package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client as a process: its standard streams, and the signals that end it. */
@Timeout(240)
class ProcessIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final Map<String, String> KEYS =
      Map.of("AWS_ACCESS_KEY_ID", "x", "AWS_SECRET_ACCESS_KEY", "y");

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

  /** As bin/sample-client opens what is closed. */
  @Test
  void streams_that_were_opened_the_wrong_way_round_are_closed_ones() throws Exception {
    sendResult("a", "1");

    for (String command : List.of("submit", "run")) {
      assertEquals(1, status(start("0>/dev/null", command)));
      assertEquals(
          "sample-client: standard input is closed; give a file, or redirect standard input\n",
          printed("err"));
      assertEquals("", printed("out"));
    }
    assertEquals(1, status(start("1</dev/null", "results", "--expect", "1")));
    assertTrue(printed("err").contains("standard output is closed"), printed("err"));
    assertEquals(1, visible(RESULTS));
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

  private void submitTwoAndInterrupt(String... options) throws Exception {
    List<String> args = new ArrayList<>(List.of("submit"));
    args.addAll(List.of(options));
    Process process = start("", args.toArray(String[]::new));
    process.getOutputStream().write("one\ntwo\n".getBytes(UTF_8));
    process.getOutputStream().flush();
    await().atMost(PATIENCE).until(() -> visible(BACKLOG) == 2);

    new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();

    assertEquals(130, status(process));
  }

  @Test
  void a_signal_lets_submit_say_what_was_taken() throws Exception {
    submitTwoAndInterrupt("--ids", "--id-prefix", "p");

    assertEquals("p-1\np-2\n", printed("out"));
    assertTrue(printed("err").contains("interrupted: submitted 2 jobs"), printed("err"));
  }

  /** Nobody has chosen the ids, so they are told: without them the results could not be found. */
  @Test
  void a_signal_lets_submit_say_which_ids_it_has_made_itself() throws Exception {
    submitTwoAndInterrupt();

    assertEquals("", printed("out"));
    assertTrue(
        printed("err")
            .matches(
                "sample-client: interrupted: submitted 2 jobs; of the lines up to 2 every job was"
                    + " taken; their ids are ([a-z0-9]+-)1 to \\12\n"),
        printed("err"));
  }

  @Test
  void ids_are_read_from_standard_input() throws Exception {
    sendResult("a", "1");
    sendResult("other", "2");
    Process process = start("", "results", "--ids", "-");
    try (OutputStream in = process.getOutputStream()) {
      in.write("a\n".getBytes(UTF_8));
    }

    assertEquals(0, status(process), printed("err"));
    assertEquals("a\t1\n", printed("out"));
    awaitNothingHidden(RESULTS);
    assertEquals(1, visible(RESULTS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "NO_COLOR"})
  void on_a_terminal_submit_shows_how_far_it_is(String variable) throws Exception {
    List<String> jobs = IntStream.range(0, 300).mapToObj(i -> "job " + i).toList();
    String shown = onTerminal(variable, "submit", file(jobs).toString());

    assertTrue(shown.contains("submitting 100%"), shown);
    assertTrue(shown.contains("300/300 jobs"), shown);
    assertEquals(variable.isEmpty(), shown.contains("\u001b[33m"), shown);
    assertTrue(printed("out").startsWith("submitted 300 jobs"), printed("out"));
    assertEquals(0, status(start("", "submit", file(jobs).toString())));
    assertEquals("", printed("err"), "no terminal");
  }

  @Test
  void a_terminal_that_knows_only_text_gets_text() throws Exception {
    String file = file(List.of("a")).toString();

    assertEquals("", onTerminal("TERM=dumb", "submit", file));
    assertEquals("submitted 1 job", printed("out").substring(0, 15));
  }

  /** What a terminal shows of standard error. */
  private String onTerminal(String variable, String... args) throws Exception {
    Process terminal =
        new ProcessBuilder("script", "-qec", "tty; exec sleep 600", "/dev/null").start();
    started.add(terminal);
    try (BufferedReader screen = terminal.inputReader()) {
      Map<String, String> environment = new HashMap<>(KEYS);
      environment.put("TERM", "xterm");
      if (!variable.isEmpty()) {
        String[] set = variable.split("=", 2);
        environment.put(set[0], set.length == 1 ? "1" : set[1]);
      }
      String device = screen.readLine();
      assertEquals(
          0, status(ClientProcess.start(folder, endpoint, environment, "2>" + device, args)));
      terminal.descendants().forEach(ProcessHandle::destroyForcibly);
      return screen.readAllAsString();
    }
  }

  @Test
  void an_address_that_is_none_is_named_with_its_variable() throws Exception {
    Map<String, String> environment = new HashMap<>(KEYS);
    environment.put("AWS_ENDPOINT_URL_SQS", "localhost:9324");

    Process process =
        ClientProcess.start(
            folder, endpoint, environment, "", "submit", file(List.of("a")).toString());

    assertEquals(1, status(process));
    assertEquals(
        "sample-client: AWS_ENDPOINT_URL_SQS=\"localhost:9324\" is no URL such as"
            + " http://127.0.0.1:9324\n",
        printed("err"));
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
