package com.amazonaws.jobprocessor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("long")
class ReplayIT extends SqsFixture {
  private static final String TELLS_ALL =
      "return job + \" \" + context.jobId() + \" \" + context.messageId() + \" \" +"
          + " context.attempt() + \" \" + new java.util.TreeMap<>(context.attributes());";

  private String jar(String body) throws Exception {
    return ExecutorJar.of(folder.resolve("mine.jar"), body).toString();
  }

  private void sendLetter(String id, String body) {
    Map<String, String> attributes = new HashMap<>(Map.of("job_id", id, "tenant", "blue"));
    attributes.put("job_message_id", "m-1");
    attributes.put("attempts", "3");
    attributes.put("worker_id", "i-1");
    attributes.put("error_type", "E");
    attributes.put("error_message", "why");
    attributes.put("backlog", BACKLOG);
    send(DEAD_LETTERS, body, attributes);
  }

  @Test
  void a_dead_letter_runs_as_its_worker_had_it_and_stays_in_the_queue() throws Exception {
    sendLetter("other", "x");
    sendLetter("a-1", "the job");

    assertEquals(0, run("replay", "--lib", jar(TELLS_ALL), "--executor", ExecutorJar.CLASS, "a-1"));

    assertEquals("the job a-1 m-1 3 {job_id=a-1, tenant=blue}\n", out.toString());
    assertTrue(
        err.toString()
            .matches("sample-client: job a-1 has a result, attempt 3, after \\d+\\.\\d{3} s\n"),
        err.toString());
    assertEquals(2, visible(DEAD_LETTERS));
    awaitNothingHidden(DEAD_LETTERS);
    assertEquals(0, visible(RESULTS));
  }

  @Test
  void attempt_and_attributes_can_be_others() throws Exception {
    sendLetter("a-1", "the job");

    assertEquals(
        0,
        run(
            "replay",
            "--lib=" + jar(TELLS_ALL),
            "--executor=" + ExecutorJar.CLASS,
            "--attempt=1",
            "--attribute=tenant=red",
            "--attribute=size=5",
            "a-1"));

    assertEquals("the job a-1 m-1 1 {job_id=a-1, size=5, tenant=red}\n", out.toString());
  }

  @Test
  void a_job_of_a_pack_that_was_refused_is_found_by_its_own_id() {
    send(
        DEAD_LETTERS,
        "{\"job_id\":\"p-1\",\"body\":\"5\"}\n{\"job_id\":\"p-2\",\"body\":\"6\"}",
        Map.of("job_pack", "1", "job_count", "2", "job_message_id", "m-1"));

    assertEquals(0, run("replay", "p-2"));

    assertEquals("slept 6 ms\n", out.toString());
  }

  @Test
  void a_letter_that_is_not_there_is_named() {
    sendLetter("a-1", "the job");

    assertEquals(3, run("replay", "a-2"));

    assertTrue(err.toString().contains("there is no dead letter of a job a-2"), err.toString());
    assertEquals(1, visible(DEAD_LETTERS));
  }

  @Test
  void a_failure_shows_its_stack_trace_and_what_a_worker_would_do() throws Exception {
    Path job = Files.writeString(folder.resolve("job"), "two\nlines\n");
    String[] args = {
      "replay",
      "--lib=" + jar("throw new java.io.IOException(\"no: \" + job, new Error(\"deep\"));"),
      "--executor=" + ExecutorJar.CLASS,
      "--file=" + job
    };

    assertEquals(4, run(args));

    assertEquals("", out.toString());
    String said = err.toString();
    assertTrue(said.contains("job local-1 failed, attempt 1, after "), said);
    assertTrue(said.contains("java.io.IOException: no: two\nlines\n"), said);
    assertTrue(said.contains("org.example.Mine.execute(Mine.java:"), said);
    assertTrue(said.contains("Caused by: java.lang.Error: deep"), said);
    assertTrue(said.contains("a worker with job_failure_retries=1 would try it again"), said);
  }

  @Test
  void the_last_attempt_and_a_permanent_failure_are_dead_letters() throws Exception {
    Path job = Files.writeString(folder.resolve("job"), "x");
    String jar = jar("if (job.equals(\"x\")) throw new IllegalStateException(); return \"\";");
    String[] more = {"--lib=" + jar, "--executor=" + ExecutorJar.CLASS, "--file=" + job};

    assertEquals(4, run("replay", "--attempt=2", more[0], more[1], more[2]));
    assertTrue(err.toString().contains("a worker would send a dead letter"), err.toString());
    assertEquals(4, run("replay", "--file=" + job));
    assertTrue(err.toString().contains("PermanentJobFailure: not a job for Sleep"));
    assertTrue(err.toString().contains("a worker would send a dead letter"), err.toString());
  }

  @Test
  void json_has_all_that_came_of_it() throws Exception {
    Path job = Files.writeString(folder.resolve("job"), "5\r\n");

    assertEquals(0, run("replay", "--json", "--file=" + job, "my-id"));
    assertTrue(
        out.toString()
            .matches(
                "\\{\"job_id\":\"my-id\",\"attempt\":1,\"outcome\":\"result\",\"seconds\":[\\d.]+,\"result\":\"slept 5 ms\"}\n"),
        out.toString());
    Files.writeString(job, "y");
    assertEquals(4, run("replay", "--json", "--file=" + job));
    assertTrue(
        out.toString()
            .startsWith(
                "{\"job_id\":\"local-1\",\"attempt\":1,\"outcome\":\"failure\",\"seconds\":"),
        out.toString());
    assertTrue(out.toString().contains("\"stack_trace\":\"com.amazonaws.jobprocessor.Permanent"));
  }

  @Test
  void a_time_limit_ends_the_attempt() throws Exception {
    Path job = Files.writeString(folder.resolve("job"), "sleep 40000");

    assertEquals(4, run("replay", "--user-data=job_timeout_in_secs=1", "--file=" + job));

    assertTrue(err.toString().contains(": JobTimeout: took longer than"), err.toString());
  }

  @Test
  void an_executor_that_cannot_run_here_is_no_failure_of_the_job() throws Exception {
    Path job = Files.writeString(folder.resolve("job"), "x");

    assertEquals(
        1,
        run(
            "replay",
            "--lib=" + jar("throw new ExecutorUnavailable(\"no disk\");"),
            "--executor=" + ExecutorJar.CLASS,
            "--file=" + job));

    assertTrue(
        err.toString().contains("the executor cannot run jobs on this machine now: no disk"),
        err.toString());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          replay                        | which job? give its id, or --file FILE
          replay --file x --job-table t | --file and --job-table: give one of them, not both
          replay --attempt 0 a          | --attempt: 0 is out of range; allowed: 1 to 1,000
          replay --executor Slep a      | job_executor: Slep:
          replay --file - --user-data-file - | --user-data-file: standard input has the job
          """)
  void what_makes_no_sense_is_refused(String args, String says) {
    assertEquals(2, run(args.split(" ")));
    assertTrue(err.toString().startsWith("sample-client: " + says), err.toString());
    assertFalse(err.toString().contains("\tat "), err.toString());
  }
}
