package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes wrong costs its own attempt, or none. */
@Tag("long")
@EnabledOnOs(OS.LINUX)
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class PersistentCommandFailureIT {
  @TempDir Path folder;

  private Commands commands() {
    return new Commands(folder);
  }

  private static String run(PersistentCommand executor, String job) throws Exception {
    return String.valueOf(executor.execute(job, Jobs.job()));
  }

  private static String failure(Class<? extends Throwable> type, PersistentCommand executor) {
    return Thrown.message(type, () -> run(executor, "job"));
  }

  /** Does so to the first job of all; the next process is well, and echoes. */
  private PersistentCommand once(String script) throws IOException {
    return commands()
        .shell(
            "echo $$ >> pids; if [ -e begun ]; then "
                + Commands.echo()
                + "; fi; touch begun; read -r line; "
                + script);
  }

  private void assertTheNextJobIsWell(PersistentCommand executor) throws Exception {
    assertEquals("well", run(executor, "well"));
    assertEquals("again", run(executor, "again"));
    List<String> pids = commands().text("pids").lines().toList();
    assertEquals(2, pids.size(), pids.toString());
    assertTrue(Commands.hasEnded(Long.parseLong(pids.getFirst())));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo oops >&2; exit 3 | exit status 3: oops",
        "exit 0 | exit status 0",
        "kill -9 $$ | killed by SIGKILL (exit status 137)",
        "kill 0; sleep 10 | killed by SIGTERM (exit status 143)",
        "printf '{\"result\":\"ha'; exit 4 | exit status 4"
      })
  void a_process_that_ends_before_it_answers(String script, String says) throws Exception {
    try (PersistentCommand executor = once(script)) {
      assertEquals(
          "the command ended before it answered: " + says, failure(CommandEnded.class, executor));
      assertTheNextJobIsWell(executor);
    }
  }

  /** A child has its standard output, and does not mind that its parent is gone. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "sleep 100 & exit 3 | exit status 3",
        "sleep 100 2> /dev/null & exit 3 | exit status 3",
        "setsid sleep 100 & kill -9 $$ | killed by SIGKILL (exit status 137)",
        "printf '{\"result\":' ; sleep 100 & exit 3 | exit status 3",
        "env -i setsid sleep 30 & sleep 0.5; exit 3 | exit status 3"
      })
  void a_process_that_ends_and_leaves_a_child_behind(String script, String says) throws Exception {
    try (PersistentCommand executor = once(script)) {
      assertEquals(
          "the command ended before it answered: " + says, failure(CommandEnded.class, executor));
      assertTheNextJobIsWell(executor);
    }
  }

  @Test
  void an_answer_counts_though_its_process_ends_and_leaves_a_child_behind() throws Exception {
    try (PersistentCommand executor =
        once("echo '{\"result\":\"a\"}'; sleep 100 & echo $! > child; exit 0")) {
      assertEquals("a", run(executor, "job"));
      commands().awaitFile("child");
      commands().assertEnded("child");
      assertTheNextJobIsWell(executor);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo hello; exec sleep 1000 | not JSON in one line: \"hello\"",
        "echo '{}'; exec cat | neither \"result\" nor \"error\"",
        "echo '{\"result\":\"a\",\"job_id\":\"other\"}'; exec cat | to the job \"other\"",
        "printf '{\"result\":\"a\"}\\n{\"result\":\"b\"}\\n'; exec cat | more than one answer",
        "printf '{\"result\":\"a\"}\\nDone.'; exec cat | more than one answer to the job: \"Done.\"",
        "exec yes | not JSON in one line: \"y\"",
      })
  void a_process_that_talks_nonsense(String script, String says) throws Exception {
    try (PersistentCommand executor = once(script)) {
      String message = failure(InvalidAnswer.class, executor);
      assertTrue(message.contains(says), message);
      assertTheNextJobIsWell(executor);
    }
  }

  /** It seems to be the answer if it comes when the first job has been read. */
  @Test
  void a_greeting_is_told_from_nonsense_that_comes_later() throws Exception {
    String hint = "(the first output of a new process; what it prints when it starts belongs on";
    String script =
        "while read -r line; do case $line in *fine*) echo '{\"result\":\"a\"}';;"
            + " *) echo ready;; esac; done";
    try (PersistentCommand executor = commands().shell(script)) {
      String first = failure(InvalidAnswer.class, executor);
      assertTrue(first.contains("not JSON in one line: \"ready\" " + hint), first);
      assertEquals("a", run(executor, "fine"));
      String second = failure(InvalidAnswer.class, executor);
      assertTrue(second.endsWith("not JSON in one line: \"ready\""), second);
    }
  }

  /** It was meant as one: nobody is to look for it among what the program prints at its start. */
  @Test
  void a_first_answer_that_is_wrong_is_no_greeting() throws Exception {
    try (PersistentCommand executor = once("echo '{\"result\":{\"a\":1}}'")) {
      assertEquals(
          "the answer's \"result\" is not a string", failure(InvalidAnswer.class, executor));
    }
  }

  @Test
  void a_process_that_closes_its_output_and_stays() throws Exception {
    try (PersistentCommand executor = once("exec > /dev/null; exec sleep 1000")) {
      assertEquals(
          "the command closed its standard output before it answered",
          failure(CommandEnded.class, executor));
      assertTheNextJobIsWell(executor);
    }
  }

  @Test
  void an_answer_without_an_end() throws Exception {
    try (PersistentCommand executor =
        once("printf '{\"result\":\"'; exec tr '\\0' a < /dev/zero")) {
      assertEquals("the answer has more than 64 MiB", failure(ResultTooLarge.class, executor));
      assertTheNextJobIsWell(executor);
    }
  }

  @Test
  void a_result_that_is_too_large_by_a_character() throws Exception {
    String many = "tr '\\0' a < /dev/zero | head -c 67108865";
    try (PersistentCommand executor =
        once("printf '{\"result\":\"'; " + many + "; echo '\"}'; exec cat")) {
      assertEquals("the answer has more than 64 MiB", failure(ResultTooLarge.class, executor));
      assertTheNextJobIsWell(executor);
    }
  }

  @ParameterizedTest
  @CsvSource({"cat /dev/zero >&2", "(cat /dev/zero >&2 &); exec sleep 1000"})
  void standard_error_without_an_end(String script) throws Exception {
    try (PersistentCommand executor = once(script)) {
      assertEquals(
          "the command printed more than 64 MiB on standard error",
          failure(CommandFailed.class, executor));
      assertTheNextJobIsWell(executor);
    }
  }

  /** Its first job has one answer, and one that it did not ask for. */
  private static final String ANSWERS_TWICE =
      "echo '{\"result\":\"a\"}'; while [ ! -e go ]; do sleep 0.02; done;"
          + " echo '{\"result\":\"b\"}'; touch printed; exec cat";

  private void awaitSecondAnswer(PersistentCommand executor) throws Exception {
    assertEquals("a", run(executor, "job"));
    Files.createFile(folder.resolve("go"));
    commands().awaitFile("printed");
  }

  @Test
  void what_no_job_has_asked_for_costs_its_process_but_no_attempt() throws Exception {
    try (PersistentCommand executor = once(ANSWERS_TWICE)) {
      awaitSecondAnswer(executor);
      assertTheNextJobIsWell(executor);
    }
  }

  @Test
  void an_interrupt_before_a_job_leaves_no_process_that_nobody_has() throws Exception {
    try (PersistentCommand executor = once(ANSWERS_TWICE)) {
      awaitSecondAnswer(executor);
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> run(executor, "job"));
      assertEquals(0, executor.processes());
    }
  }

  @Test
  void an_error_is_an_answer_and_its_process_goes_on() throws Exception {
    String script =
        "while read -r line; do echo \"{\\\"error\\\":\\\"no luck by $$\\\",\\\"permanent\\\":true}\"; done";
    try (PersistentCommand executor = commands().shell(script)) {
      String first = failure(CommandFailedForGood.class, executor);
      assertTrue(first.startsWith("no luck by "), first);
      assertEquals(first, failure(CommandFailedForGood.class, executor));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "echo oops >&2; exit 3 | it ended before it read a job: exit status 3: oops",
        "exit 0 | it ended before it read a job: exit status 0",
        "echo Hello.; exec sleep 1000 | it prints before it reads a job: \"Hello.\"",
        "exec sleep 1000 | it does not read its standard input within 10 s",
        "echo loading >&2; exec sleep 1000 | it does not read its standard input within 10 s:"
            + " loading"
      })
  void a_program_that_cannot_start_is_the_machines_trouble(String script, String says)
      throws Exception {
    try (PersistentCommand executor =
        commands().shell("echo $$ > pid; " + script, "start_timeout_in_secs", "10")) {
      for (int i = 0; i < 2; i++) {
        assertEquals(
            "cannot run \"./main\": " + says, failure(ExecutorUnavailable.class, executor));
        commands().assertEnded("pid");
      }
    }
  }

  /** However it takes its end: the job goes to another box. */
  @Test
  void one_that_prints_before_it_reads_a_job_does_not_read_on() throws Exception {
    String script =
        "echo $$ > pid; trap 'read -r line; touch read' TERM; echo Hello.; sleep 1000 & wait";
    try (PersistentCommand executor = commands().shell(script)) {
      failure(ExecutorUnavailable.class, executor);
      commands().assertEnded("pid");
    }
    assertTrue(Files.notExists(folder.resolve("read")));
  }

  /** Its first job is not to be the culprit because it is the first. */
  @Test
  void a_first_job_may_take_longer_than_the_start() throws Exception {
    try (PersistentCommand executor =
        commands()
            .shell(
                "sleep 0.2; read -r l; sleep 11; echo '{\"result\":\"x\"}'",
                "start_timeout_in_secs",
                "10")) {
      assertEquals("x", run(executor, "job"));
    }
  }

  @Test
  void a_program_or_script_that_has_gone() throws Exception {
    PersistentCommand executor = commands().shell(Commands.echo(1));
    try (executor) {
      assertEquals("job", run(executor, "job"));
      Files.delete(folder.resolve("main"));
      assertEquals(
          "cannot run \"./main\": there is no program \"./main\"",
          failure(ExecutorUnavailable.class, executor));
    }
    Path script = Files.writeString(folder.resolve("main.sh"), Commands.echo(1));
    PersistentCommand interpreted = new PersistentCommand();
    interpreted.configure(java.util.Map.of("command", "sh " + script));
    try (interpreted) {
      assertEquals("job", run(interpreted, "job"));
      Files.delete(script);
      assertEquals(
          "cannot run \"sh\": the file \"" + script + "\" is gone",
          failure(ExecutorUnavailable.class, interpreted));
    }
  }

  /** Not each failure for nothing: a program that fails each job is not started without a pause. */
  @Test
  void a_program_that_ends_at_every_job_is_started_ever_more_slowly() throws Exception {
    try (PersistentCommand executor = commands().shell("read -r line; exit 1")) {
      long start = System.nanoTime();
      for (int i = 0; i < 5; i++) {
        failure(CommandEnded.class, executor);
      }
      long millis = (System.nanoTime() - start) / 1_000_000;
      assertTrue(millis >= 50 + 100 + 200 + 400, millis + " ms");
    }
  }

  @Test
  void a_failure_leaves_its_neighbour_alone() throws Exception {
    String script =
        "while read -r line; do case $line in *crash*) exit 1;; *wait*) touch waits;"
            + " while [ ! -e go ]; do sleep 0.02; done;; esac; echo '{\"result\":\"well\"}'; done";
    try (PersistentCommand executor = commands().shell(script)) {
      Commands.Running neighbour = Commands.start(executor, "wait");
      commands().awaitFile("waits");
      assertThrows(CommandEnded.class, () -> run(executor, "crash"));
      assertEquals("well", run(executor, "other"));
      Files.createFile(folder.resolve("go"));
      assertEquals("well", neighbour.result().join());
    }
  }

  @Test
  void what_one_job_has_printed_is_not_anothers() throws Exception {
    String script =
        "while read -r line; do case $line in *crash*) exit 1;; esac;"
            + " echo 'first words' >&2; echo '{\"result\":\"well\"}'; done";
    try (PersistentCommand executor = commands().shell(script)) {
      assertEquals("well", run(executor, "one"));
      String message = Thrown.message(CommandEnded.class, () -> run(executor, "crash"));
      assertEquals("the command ended before it answered: exit status 1", message);
    }
  }
}
