package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code run} and {@code submit --wait}: what a worker would answer is in the queues already. */
@Timeout(180)
class RunIT extends SqsFixture {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private void result(String id, String body) {
    send(
        RESULTS,
        body,
        Map.of("job_id", id, "attempts", "1", "duration_millis", "1500", "worker_id", "i-1"));
  }

  private void letter(String id, String type, String message) {
    send(
        DEAD_LETTERS,
        "job",
        Map.of("job_id", id, "error_type", type, "error_message", message, "worker_id", "i-2"));
  }

  @Test
  void results_are_printed_and_taken_and_the_summary_is_on_standard_error() throws Exception {
    result("p-1", "eno");
    result("p-3", "eerht");
    result("other-1", "x");

    int status = run("run", "--id-prefix", "p", file(List.of("one", "", "three")).toString());

    assertEquals(0, status, err::toString);
    assertEquals(List.of("p-1\teno", "p-3\teerht"), out.toString().lines().sorted().toList());
    assertTrue(err.toString().contains("submitted 2 jobs; their ids are p-1, p-3\n"), "" + err);
    assertTrue(
        err.toString().matches("(?s).*: 2 results, 0 dead letters in [\\d.]+ s, [\\d.]+ jobs/s\n"),
        err.toString());
    assertEquals(2, visible(BACKLOG));
    assertEquals(1, visible(RESULTS));
    awaitNothingHidden(RESULTS);
  }

  @Test
  void failures_are_told_by_kind_and_their_letters_stay() throws Exception {
    result("p-1", "1");
    letter("p-2", "java.io.IOException", "disk full");
    letter("p-3", "java.io.IOException", "disk full, too");
    letter("p-4", "E", "e");

    int status = run("run", "--id-prefix", "p", file(List.of("a", "b", "c", "d")).toString());

    assertEquals(4, status, err::toString);
    String said = err.toString();
    assertTrue(said.contains("1 result, 3 dead letters in "), said);
    assertTrue(said.contains("failed: 2 IOException, the first p-2 (disk full)\n"), said);
    assertTrue(said.contains("failed: 1 E, p-4 (e)\n"), said);
    assertEquals(3, visible(DEAD_LETTERS));
    awaitNothingHidden(DEAD_LETTERS);
  }

  @Test
  void commands_that_are_named_have_the_queues_that_were_given() throws Exception {
    for (String queue : List.of("todo", "done", "failed")) {
      sqs.createQueue(r -> r.queueName(queue));
    }
    send("failed", "job", Map.of("job_id", "p-1", "error_type", "E", "error_message", "e"));
    String[] queues = {
      "--backlog-queue", "todo", "--results-queue", "done", "--dead-letter-queue", "failed"
    };
    List<String> command = new ArrayList<>(List.of("run", "--id-prefix", "p", "--timeout", "8"));
    command.addAll(List.of(queues));
    command.add(file(List.of("a", "b")).toString());

    assertEquals(5, run(command.toArray(String[]::new)), err::toString);

    assertTrue(
        err.toString()
            .contains(
                "the dead letters are in \"failed\"; sample-client dead-letters --dead-letter-queue"
                    + " failed lists them, dead-letters send-back sends them back\n"),
        err.toString());
    assertTrue(
        err.toString()
            .contains(
                "not ended are p-2; with their ids in FILE, a line each, sample-client results --ids"
                    + " FILE --results-queue done --dead-letter-queue failed collects their results\n"),
        err.toString());
  }

  @Tag("long")
  @Test
  void what_has_not_ended_in_time_is_named() throws Exception {
    result("p-2", "2");

    int status =
        run("run", "--timeout", "15", "--id-prefix", "p", file(List.of("a", "b", "c", "d")) + "");

    assertEquals(5, status, err::toString);
    assertEquals("p-2\t2\n", out.toString());
    assertTrue(err.toString().contains("timed out: not ended are p-1, p-3 to p-4;"), "" + err);
  }

  @Test
  void results_come_while_a_pipe_goes_on() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> run(new Stop(), out, err, "run", "--id-prefix", "p", pipe.toString()));
    try (OutputStream lines = Files.newOutputStream(pipe)) {
      lines.write("one\n".getBytes(UTF_8));
      await().atMost(PATIENCE).until(() -> visible(BACKLOG) == 1);
      result("p-1", "eno");
      await().atMost(PATIENCE).until(() -> out.toString().equals("p-1\teno\n"));

      lines.write("two".getBytes(UTF_8));
    }
    await().atMost(PATIENCE).until(() -> visible(BACKLOG) == 2);
    result("p-2", "owt");
    assertEquals(0, status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
  }

  @Test
  void a_stop_names_what_has_not_ended_and_leaves_nothing_hidden() throws Exception {
    result("p-1", "1");
    result("other-1", "x");
    Stop stop = new Stop();
    String file = file(List.of("a", "b")).toString();
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(() -> run(stop, out, err, "run", "--id-prefix", "p", file));
    await().atMost(PATIENCE).until(() -> out.toString().equals("p-1\t1\n"));

    stop.ask();

    assertEquals(1, status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertTrue(err.toString().contains("interrupted: 1 result, 0 dead letters in "), "" + err);
    assertTrue(err.toString().contains("not ended are p-2;"), "" + err);
    awaitNothingHidden(RESULTS);
    assertEquals(1, visible(RESULTS));
  }

  @Test
  void a_log_has_the_columns_of_gnu_parallel_and_the_run_is_resumed_from_it() throws Exception {
    Path log = folder.resolve("log");
    String file = file(List.of("a\tb", "c", "d")).toString();
    result("p-1", "12345");
    letter("p-2", "E", "e");
    result("p-3", "x");
    String[] command = {"run", "--joblog", log.toString(), "--id-prefix", "p", file};

    assertEquals(4, run(command), err::toString);

    List<String> lines = Files.readAllLines(log);
    assertEquals(
        "Seq\tHost\tStarttime\tJobRuntime\tSend\tReceive\tExitval\tSignal\tCommand", lines.get(0));
    assertEquals(4, lines.size());
    String first = lines.stream().filter(line -> line.startsWith("1\t")).findFirst().orElseThrow();
    assertTrue(first.matches("1\ti-1\t\\d{10}\\.\\d{3}\t     1\\.500\t3\t5\t0\t0\ta\tb"), first);
    String second = lines.stream().filter(line -> line.startsWith("2\t")).findFirst().orElseThrow();
    assertTrue(second.matches("2\ti-2\t\\d+\\.\\d{3}\t     0\\.000\t1\t0\t1\t0\tc"), second);

    takeAll(BACKLOG);
    takeAll(DEAD_LETTERS);
    assertEquals(1, run(command), "without --resume a log is not written over");
    assertTrue(err.toString().contains("--resume goes on from it"), err.toString());

    result("q-2", "at last");
    Files.writeString(log, Files.readString(log) + "4\ttorn");
    String[] resumed = {"run", "--joblog", log.toString(), "--resume", "--id-prefix", "q", file};
    assertEquals(0, run(resumed), err::toString);

    assertEquals("q-2\tat last\n", out.toString());
    assertEquals(1, visible(BACKLOG));
    assertEquals(5, Files.readAllLines(log).size());
    assertTrue(Files.readAllLines(log).getLast().endsWith("\t0\t0\tc"), Files.readString(log));
  }

  @Test
  void a_run_is_not_resumed_with_another_file() throws Exception {
    Path log = folder.resolve("log");
    result("p-1", "1");
    assertEquals(
        0,
        run("run", "--joblog", "" + log, "--id-prefix", "p", file(List.of("a")).toString()),
        err::toString);
    takeAll(BACKLOG);

    int status =
        run("run", "--joblog", "" + log, "--resume", file(List.of("other", "b")).toString());

    assertEquals(1, status);
    assertTrue(err.toString().contains("line 1 of "), err.toString());
    assertTrue(err.toString().contains("--resume wants the same file"), err.toString());
    assertEquals(0, visible(BACKLOG));
    assertEquals(2, run("run", "--resume", "x"));
  }

  @Test
  void results_are_json_or_csv_as_well() throws Exception {
    String file = file(List.of("a")).toString();
    result("p-1", "say \"x\",\ny");

    assertEquals(0, run("run", "--format", "csv", "--id-prefix", "p", file), err::toString);

    assertEquals(
        """
        job_id,result,attempts,duration_millis,worker_id,job_message_id
        p-1,"say ""x"",
        y",1,1500,i-1,
        """,
        out.toString());
    result("p-1", "1");
    assertEquals(0, run("run", "--json", "--id-prefix", "p", file), err::toString);
    assertTrue(out.toString().startsWith("{\"job_id\":\"p-1\","), out.toString());
    assertEquals(2, run("run", "--json", "--format", "csv", file));
  }

  @Test
  void bad_lines_end_a_pipe_or_are_left_out() throws Exception {
    Path file = file(List.of("a", "b\u0001", "c"));
    result("p-1", "1");
    result("p-3", "3");

    assertEquals(1, run("run", "--id-prefix", "p", file.toString()));
    assertEquals(0, visible(BACKLOG));
    assertEquals(2, visible(RESULTS));

    assertEquals(3, run("run", "--skip-bad", "--id-prefix", "p", file.toString()), err::toString);
    assertEquals(2, out.toString().lines().count());
  }

  @Test
  void submit_does_not_wait_for_more_results_than_sqs_lets_be_in_flight() throws Exception {
    String file = file(Collections.nCopies(120_001, "x")).toString();

    assertEquals(1, run("submit", "--wait", file));
    assertEquals(
        "sample-client: --wait holds the results of all jobs in their queue, and SQS lets 120,000"
            + " messages of a queue be in flight: for 120,001 jobs use run, which deletes what it"
            + " has printed\n",
        err.toString());
    assertEquals(0, visible(BACKLOG));
  }

  @Test
  @Tag("long")
  void submit_waits_for_the_ends_and_leaves_results_and_letters_where_they_are() throws Exception {
    String file = file(List.of("a", "b")).toString();
    result("p-1", "1");
    result("p-2", "2");

    assertEquals(0, run("submit", "--wait", "--id-prefix", "p", file), err::toString);

    assertEquals("submitted 2 jobs; their ids are p-1 to p-2\n", out.toString());
    assertEquals(2, visible(RESULTS));
    awaitNothingHidden(RESULTS);

    letter("q-2", "E", "e");
    result("q-1", "1");
    assertEquals(4, run("submit", "--wait", "--ids", "--id-prefix", "q", file), err::toString);
    assertEquals("q-1\nq-2\n", out.toString());
    assertEquals(
        5, run("submit", "--wait", "--timeout", "3", "--id-prefix", "r", file), err::toString);
    assertEquals(2, run("submit", "--timeout", "3", file));
  }

  @Test
  void results_go_on_until_they_are_stopped() throws Exception {
    Stop stop = new Stop();
    Path log = folder.resolve("log");
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(
            () -> run(stop, out, err, "results", "--follow", "--joblog", log.toString()));
    result("a", "1");
    await().atMost(PATIENCE).until(() -> out.toString().equals("a\t1\n"));
    result("b", "2");
    await().atMost(PATIENCE).until(() -> out.toString().equals("a\t1\nb\t2\n"));

    stop.ask();

    status.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    assertEquals(3, Files.readAllLines(log).size());
    assertTrue(Files.readAllLines(log).get(1).endsWith("\t0\t0\ta"), Files.readString(log));
  }
}
