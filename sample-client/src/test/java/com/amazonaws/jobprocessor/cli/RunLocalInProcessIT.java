package com.amazonaws.jobprocessor.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("long")
@Timeout(120)
class RunLocalInProcessIT {
  @TempDir Path folder;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int run(Stop stop, String... args) {
    List<String> all = new ArrayList<>(List.of("run-local"));
    all.addAll(Arrays.asList(args));
    return SampleClient.commandLine(stop)
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private int run(String... args) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return run(new Stop(), args);
  }

  private String jobs(String... lines) throws Exception {
    return Files.writeString(folder.resolve("jobs.txt"), String.join("\n", lines)).toString();
  }

  private List<String> printed() {
    return out.toString().lines().sorted().toList();
  }

  @Test
  void prints_the_result_of_each_line_and_says_how_it_went() throws Exception {
    String file = jobs("sleep 1", "", "2", "sleep 0");

    assertEquals(0, run("-s", "LOCAL", "-t", "2", "-w", file), err.toString());

    assertEquals(
        List.of("local-1\tslept 1 ms", "local-3\tslept 2 ms", "local-4\tslept 0 ms"), printed());
    assertTrue(
        err.toString()
            .matches(
                """
                sample-client: 3 jobs in \\d+\\.\\d\\d s with 2 threads: \\d+\\.\\d jobs/s
                sample-client: ideal time 0\\.00 s, efficiency \\d+\\.\\d %, overhead \\d+\\.\\d{3} ms a job
                """),
        err.toString());
  }

  @Test
  void fails_and_retries_as_a_worker_does() throws Exception {
    Path jar =
        ExecutorJar.of(
            folder.resolve("mine.jar"),
            """
            switch (job) {
              case "flaky": if (context.attempt() < 3) throw new IllegalStateException("not yet"); return "after " + context.attempt();
              case "never": throw new java.io.IOException("attempt " + context.attempt());
              case "bad": throw new PermanentJobFailure("no such thing");
              case "later": if (context.attempt() == 1) throw new RetryAfter(java.time.Duration.ZERO, "wait"); return "now";
              default: System.out.println("noise"); return context.jobId() + " " + context.attributes().get("job_id");
            }
            """);

    int status =
        run(
            "--lib=" + jar,
            "--executor=org.example.Mine",
            "--user-data=job_failure_retries=2",
            jobs("flaky", "never", "bad", "later", "x"));

    assertEquals(4, status, err.toString());
    assertEquals(
        List.of("local-1\tafter 3", "local-4\tnow", "local-5\tlocal-5 local-5"), printed());
    String said = err.toString();
    assertTrue(
        said.contains("job local-2 failed for good, attempt 3: java.io.IOException: attempt 3"),
        said);
    assertTrue(
        said.contains(
            "job local-3 failed for good, attempt 1: com.amazonaws.jobprocessor.PermanentJobFailure:"
                + " no such thing"),
        said);
    assertTrue(
        said.contains(
            "3 results, 2 failed for good (com.amazonaws.jobprocessor.PermanentJobFailure 1,"
                + " java.io.IOException 1), 5 retries"),
        said);
    assertFalse(said.contains("efficiency"), said);
  }

  @Test
  void an_attempt_over_its_time_limit_is_interrupted() throws Exception {
    String file = jobs("sleep 40000", "sleep 0");

    assertEquals(4, run("--user-data=job_timeout_in_secs=5,job_failure_retries=0", file));

    assertEquals(List.of("local-2\tslept 0 ms"), printed());
    assertTrue(err.toString().contains("job local-1 failed for good, attempt 1: JobTimeout"));
    assertTrue(err.toString().contains("ideal time 0.00 s"), err.toString());
  }

  @Test
  void a_retry_waits_as_long_as_it_is_told_to() throws Exception {
    Path jar =
        ExecutorJar.of(
            folder.resolve("mine.jar"),
            "if (context.attempt() == 1) throw new RetryAfter(java.time.Duration.ofSeconds(1), \"x\");"
                + " return \"done\";");
    long start = System.nanoTime();

    assertEquals(0, run("--lib=" + jar, "--executor=org.example.Mine", jobs("a")));

    assertTrue(System.nanoTime() - start >= TimeUnit.SECONDS.toNanos(1));
    assertEquals(List.of("local-1\tdone"), printed());
  }

  @ParameterizedTest
  @CsvSource({"lines, b a", "ids, local-1", "none, ''", "results, local-1\tb a"})
  void prints_what_is_asked_for(String what, String printed) throws Exception {
    Path jar =
        ExecutorJar.of(
            folder.resolve("mine.jar"), "return new StringBuilder(job).reverse().toString();");

    assertEquals(
        0, run("--print", what, "--lib=" + jar, "--executor", ExecutorJar.CLASS, jobs("a b")));

    assertEquals(printed, out.toString().stripTrailing());
  }

  @Test
  void json_has_results_dead_letters_and_the_summary() throws Exception {
    assertEquals(4, run("--json", "--user-data=job_failure_retries=0", jobs("sleep 1", "fail 2")));

    List<String> objects = printed();
    assertEquals(2, objects.size());
    assertTrue(
        objects
            .get(0)
            .matches(
                "\\{\"job_id\":\"local-1\",\"job_message_id\":\"local-1\",\"worker_id\":\"local\",\"attempts\":1,"
                    + "\"duration_millis\":\\d+,\"result\":\"slept 1 ms\"}"),
        objects.get(0));
    assertTrue(
        objects
            .get(1)
            .contains("\"error_type\":\"com.amazonaws.jobprocessor.PermanentJobFailure\""));
    assertTrue(objects.get(1).contains("\"job\":\"fail 2\""));
    List<String> said = err.toString().lines().toList();
    assertTrue(
        said.getLast()
            .matches(
                "\\{\"jobs\":2,\"results\":1,\"failed\":1,\"retries\":0,\"bad_lines\":0,\"threads\":\\d+,"
                    + "\"seconds\":[\\d.]+,\"jobs_per_second\":[\\d.]+,\"ideal_seconds\":[\\d.]+,\"efficiency\":[\\d.]+,"
                    + "\"overhead_millis_per_job\":[\\d.]+,\"failed.com.amazonaws.jobprocessor.PermanentJobFailure\":1}"),
        said.getLast());
  }

  @Test
  void a_line_that_can_be_no_job_is_named_and_the_others_run_only_if_told_to() throws Exception {
    Path file = folder.resolve("bad.txt");
    Files.write(file, ("\ufeff1\r\n\u0001\n" + "x".repeat(1 << 20) + "y\n2").getBytes(UTF_8));

    assertEquals(1, run(file.toString()));
    assertEquals(List.of(), printed());
    assertTrue(err.toString().contains("2 lines of \"" + file + "\" cannot be jobs: nothing"));

    assertEquals(3, run("--skip-bad", file.toString()));

    assertEquals(List.of("local-1\tslept 1 ms", "local-4\tslept 2 ms"), printed());
    assertTrue(
        err.toString()
            .contains("line 2 of \"" + file + "\" has a character that SQS does not accept: U+0"),
        err.toString());
    assertTrue(err.toString().contains("line 3 of \"" + file + "\" is longer than 1 MiB"));
    assertTrue(err.toString().contains("2 lines refused"));
  }

  @Test
  void each_of_many_lines_that_can_be_no_jobs_is_named() throws Exception {
    Path file = Files.writeString(folder.resolve("bad.txt"), "\u0001\n".repeat(25) + "1\n");

    for (int status : List.of(1, 3)) {
      assertEquals(status, status == 1 ? run(file.toString()) : run("--skip-bad", file.toString()));

      assertEquals(
          25, err.toString().lines().filter(line -> line.contains("does not accept")).count());
    }
  }

  @Test
  void a_pipe_is_run_up_to_the_first_line_that_can_be_no_job() throws Exception {
    Path pipe = folder.resolve("pipe");
    assertEquals(0, new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor());
    CompletableFuture<Integer> status = CompletableFuture.supplyAsync(() -> run(pipe.toString()));
    // It stays open: the end is not waited for.
    try (OutputStream lines = Files.newOutputStream(pipe)) {
      lines.write("1\n\u0001\n2\n".getBytes(UTF_8));

      assertEquals(1, status.get(60, TimeUnit.SECONDS));
    }
    assertEquals(List.of("local-1\tslept 1 ms"), printed());
    assertTrue(err.toString().contains("line 2 of \"" + pipe + "\" has a character"), "" + err);
    assertTrue(err.toString().contains("nothing after that line was run"), err.toString());
  }

  @Test
  void an_empty_file_is_done_at_once() throws Exception {
    assertEquals(0, run(jobs("")));
    assertEquals("", out.toString());
    assertTrue(err.toString().startsWith("sample-client: 0 jobs in 0.00 s"), err.toString());
  }

  @Test
  void many_lines_have_their_one_result_each_in_order_of_their_end() throws Exception {
    Path file = folder.resolve("many.txt");
    Files.write(file, Collections.nCopies(20_000, "sleep 0"));

    assertEquals(0, run("-t", "8", "--print", "ids", file.toString()), err.toString());

    assertEquals(
        IntStream.rangeClosed(1, 20_000).mapToObj(i -> "local-" + i).collect(Collectors.toSet()),
        out.toString().lines().collect(Collectors.toSet()));
    assertEquals(20_000, out.toString().lines().count());
  }

  @Test
  void stack_traces_of_all_attempts_on_request_without_secrets() throws Exception {
    Path jar =
        ExecutorJar.of(
            folder.resolve("mine.jar"), "throw new IllegalStateException(\"password \" + job);");
    Path settings =
        Files.writeString(
            folder.resolve("settings"), "secret_access_key=hunter222,access_key_id=a");

    int status =
        run(
            "--trace",
            "--user-data-file=" + settings,
            "--lib=" + jar,
            "--executor=org.example.Mine",
            jobs("hunter222"));

    String said = err.toString();
    assertEquals(4, status, said);
    assertTrue(
        said.contains("job local-1 is tried again, attempt 1: java.lang.IllegalState"), said);
    assertTrue(said.contains("job local-1 failed for good, attempt 2"), said);
    assertTrue(said.contains("org.example.Mine.execute(Mine.java:"), said);
    assertFalse(said.contains("hunter222"), said);
    assertFalse(said.contains("jobprocessor.work"), said);
  }

  @Test
  void a_stop_interrupts_the_jobs_and_says_how_far_it_came() throws Exception {
    Stop stop = new Stop();
    String file = jobs("sleep 0", "sleep 0", "sleep 40000", "sleep 0", "sleep 0");
    CompletableFuture<Integer> status =
        CompletableFuture.supplyAsync(() -> run(stop, "-t", "2", file));
    await().atMost(60, TimeUnit.SECONDS).until(() -> out.toString().lines().count() == 4);

    stop.ask();

    assertEquals(1, status.get(60, TimeUnit.SECONDS));
    assertTrue(
        err.toString()
            .contains(
                "interrupted: of the lines up to 2 every job has ended, 4 jobs in all; what was running was"
                    + " interrupted"),
        err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          -t 0                       | -t: 0 is out of range; allowed: 1 to 1,000
          -t 1001                    | -t: 1001 is out of range; allowed: 1 to 1,000
          --executor Slep            | job_executor: Slep: is in none of the jars in
          --executor=a,b             | job_executor:
          --user-data concurrency=0  | concurrency: "0" in --user-data is out of range; allowed: 1 to 1,000
          --user-data executor.a=1   | job_executor: com.amazonaws.jobprocessor.executors.Sleep: takes no settings
          --user-data secret_access_key=x | secret_access_key: refused in --user-data
          --user-data a=b --user-data-file - | --user-data and --user-data-file: give one of them
          --user-data-file -         | --user-data-file: standard input has the jobs
          -w other.txt file.txt      | -w other.txt and file.txt: give one file of jobs
          """)
  void what_makes_no_sense_is_refused(String args, String says) {
    assertEquals(2, run(args.split(" ")));
    assertTrue(err.toString().startsWith("sample-client: " + says), err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
  }

  @Test
  void files_that_are_not_there_are_named() throws Exception {
    assertEquals(1, run(folder.resolve("none").toString()));
    assertTrue(err.toString().contains("there is no such file"), err.toString());
    assertEquals(2, run("--lib", folder.resolve("none.jar").toString(), jobs("a")));
    assertTrue(err.toString().contains("--lib: there is no jar and no folder"), err.toString());
  }

  private Path jar(String name, String body) throws Exception {
    return ExecutorJar.of(folder.resolve(name), body);
  }

  private int compare(Path before, Path after, String... more) throws Exception {
    List<String> args = new ArrayList<>(List.of("--compare", before.toString(), after.toString()));
    args.addAll(List.of("--executor", ExecutorJar.CLASS, "--user-data=job_failure_retries=0"));
    args.addAll(Arrays.asList(more));
    args.add(jobs("a", "b", "fail"));
    return run(args.toArray(String[]::new));
  }

  private static final String FAILS =
      "if (job.equals(\"fail\")) throw new IllegalStateException(\"no\");";

  @Test
  void two_jars_that_do_the_same_are_the_same() throws Exception {
    Path before = jar("old.jar", FAILS + " return job + job;");
    Path after = jar("new.jar", "int i = 0;\n" + FAILS + " return job.repeat(2);");

    assertEquals(0, compare(before, after), err.toString());

    assertTrue(
        out.toString()
            .matches(
                """
                     JOBS  RESULTS  FAILED  SECONDS +JOBS/S +MEDIAN_MS +P95_MS
                OLD +3 +2 +1( +\\d+\\.\\d+){4}
                NEW +3 +2 +1( +\\d+\\.\\d+){4}
                every job ended in the same way
                """),
        out.toString());
  }

  @Test
  void two_jars_that_differ_are_told_by_line() throws Exception {
    Path before = jar("old.jar", FAILS + " return job + job;");
    Path after =
        jar(
            "new.jar",
            "if (job.equals(\"b\")) throw new java.io.IOException(\"b\\tno\");"
                + " return job.equals(\"fail\") ? \"\" : job + job;");

    assertEquals(4, compare(before, after), err.toString());

    assertTrue(
        out.toString()
            .startsWith(
                """
                line 2
                  OLD  bb
                  NEW  failed: java.io.IOException: b\\tno
                line 3
                  OLD  failed: java.lang.IllegalStateException: no
                  NEW\s\s
                """),
        out.toString());
    assertTrue(out.toString().endsWith("2 jobs of 3 ended otherwise\n"), out.toString());

    assertEquals(4, compare(before, after, "--json"), err.toString());
    List<String> lines = out.toString().lines().toList();
    assertEquals(
        "{\"job_id\":\"local-2\",\"line\":2,\"old_result\":\"bb\",\"new_error\":\"java.io.IOException: b\\tno\"}",
        lines.get(0));
    assertTrue(
        lines.get(2).startsWith("{\"different\":2,\"jobs\":3,\"bad_lines\":0,\"old_results\":2,"),
        lines.get(2));
  }

  @Test
  void a_difference_counts_for_more_than_a_bad_line() throws Exception {
    Path before = jar("old.jar", "return job;");
    Path after = jar("new.jar", "return job + \"!\";");

    int status =
        run(
            "--compare=" + before,
            after.toString(),
            "--executor=" + ExecutorJar.CLASS,
            "--skip-bad",
            jobs("a", "\u0000"));

    assertEquals(4, status, err.toString());
  }

  @Test
  void many_differences_are_counted() throws Exception {
    Path before = jar("old.jar", "return job;");
    Path after = jar("new.jar", "return job + \"!\";");
    Path file = folder.resolve("many.txt");
    Files.write(file, Collections.nCopies(3_000, "x"));

    int status =
        run(
            "--compare=" + before,
            after.toString(),
            "--executor=" + ExecutorJar.CLASS,
            "-w",
            file.toString());

    assertEquals(4, status, err.toString());
    assertEquals(10, out.toString().lines().filter(line -> line.startsWith("line ")).count());
    assertTrue(out.toString().contains("more differences are counted only"), out.toString());
    assertTrue(out.toString().endsWith("3000 jobs of 3000 ended otherwise\n"), out.toString());
  }

  @Test
  void a_comparison_needs_two_jars_and_a_file() throws Exception {
    Path jar = jar("old.jar", "return job;");

    assertEquals(2, run("--compare", jar.toString(), jar.toString()));
    assertTrue(err.toString().contains("--compare: the jobs are read twice; give a file"));
    assertEquals(2, run("--compare", jar.toString(), jar.toString(), "--executor=x.Y", jobs("a")));
    assertTrue(err.toString().contains("job_executor: x.Y:"), err.toString());
    assertEquals(2, run("--compare", jar.toString(), "no.jar", "--executor=x.Y", jobs("a")));
    assertTrue(
        err.toString().contains("--compare: there is no jar and no folder \"no.jar\""),
        err.toString());
  }
}
