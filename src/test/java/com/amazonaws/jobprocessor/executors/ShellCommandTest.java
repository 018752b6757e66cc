package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Results, failures, environment and settings; what becomes of processes is in the tree test. */
class ShellCommandTest {
  private static final int MEBIBYTE = 1024 * 1024;

  @TempDir Path folder;

  private static ShellCommand command(String command) {
    return configured(new ShellCommand(), Map.of("command", command));
  }

  private static ShellCommand shell(String script) {
    return command("sh -c '" + script + "'");
  }

  private static ShellCommand configured(ShellCommand executor, Map<String, String> settings) {
    executor.configure(settings);
    return executor;
  }

  private static String run(ShellCommand executor, String job) throws Exception {
    return executor.execute(job, Jobs.job());
  }

  private static String failure(ShellCommand executor) {
    return Thrown.message(CommandFailed.class, () -> run(executor, "job"));
  }

  @Test
  void the_job_is_the_input_and_the_output_the_result() throws Exception {
    assertEquals("grüße 😀", run(command("cat"), "grüße 😀"));
  }

  @ParameterizedTest
  @CsvSource({"a\\n,a", "a\\n\\n,a", "a\\r\\n,a", "\\na b \\n,'\na b '", "a,a", "\\n,''"})
  void line_ends_at_the_end_are_taken_off(String printed, String result) throws Exception {
    assertEquals(result, run(shell("printf \"" + printed + "\""), ""));
  }

  @Test
  void a_mebibyte_of_empty_lines_costs_no_time() {
    String job = "\n".repeat(MEBIBYTE - 1) + "x";
    assertTimeoutPreemptively(
        Duration.ofSeconds(20), () -> assertEquals(job, run(command("cat"), job)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "head -c 1", "sh -c 'exec <&-; sleep 0.2; echo x'"})
  void a_command_need_not_read_its_job(String command) throws Exception {
    assertTrue(run(command(command), "x".repeat(MEBIBYTE)).length() <= 1);
  }

  @Test
  void listed_exit_statuses_are_for_good() {
    Map<String, String> settings =
        Map.of("command", "sh -c 'cat >&2; exit 65'", "permanent_exit_codes", "64; 65");
    ShellCommand executor = configured(new ShellCommand(), settings);
    String message = Thrown.message(CommandFailedForGood.class, () -> run(executor, "bad job"));
    assertEquals("exit status 65: bad job", message);
  }

  @Test
  void there_is_no_shell() throws Exception {
    assertEquals("$HOME * `id` ; a  b", run(command("echo $HOME * `id` ';' 'a  b'"), ""));
  }

  @Test
  void the_command_sees_the_jobs_ids_and_no_secret() throws Exception {
    Map<String, String> worker =
        Map.of("PATH", System.getenv("PATH"), "AWS_SECRET_ACCESS_KEY", "hush", "COLOUR", "blue");
    ShellCommand executor = configured(new ShellCommand(worker, 1_000), Map.of("command", "env"));
    String hostile = "$(id) ;=\" ü";
    List<String> lines = executor.execute("", Jobs.job(hostile, Map.of("a", "b"))).lines().toList();
    assertTrue(lines.contains("JOB_MESSAGE_ID=message-1"), lines.toString());
    assertTrue(lines.contains("JOB_ATTEMPT=3"), lines.toString());
    assertTrue(lines.contains("COLOUR=blue"), lines.toString());
    assertTrue(lines.stream().anyMatch(l -> l.startsWith("JOB_ID=$(id) ;=\" ")), lines.toString());
    assertFalse(lines.toString().contains("hush"), lines.toString());
    assertEquals(6, lines.size(), lines.toString());
  }

  @Test
  void it_runs_in_the_working_directory() throws Exception {
    Files.writeString(folder.resolve("run"), "#!/bin/sh\npwd -P\n");
    assertTrue(folder.resolve("run").toFile().setExecutable(true));
    Map<String, String> settings =
        Map.of("command", "./run", "working_directory", folder.toString());
    assertEquals(folder.toRealPath().toString(), run(configured(new ShellCommand(), settings), ""));
  }

  @Test
  void the_kernel_kills_the_command_rather_than_the_worker() throws Exception {
    assumeTrue(DetachedCommand.isPossible(), "Linux with util-linux");
    assertEquals("500", run(command("cat /proc/self/oom_score_adj"), ""));
    assertEquals("500", run(shell("(cat /proc/self/oom_score_adj)"), ""), "its children too");
    assertNotEquals("500", Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
  }

  /** A clean-up of many scripts; it once ended the worker, and the jobs beside it. */
  @Test
  void a_command_that_signals_its_group_hits_itself_alone() {
    assumeTrue(DetachedCommand.isPossible(), "Linux with util-linux");
    assertEquals("killed by SIGTERM (exit status 143)", failure(shell("kill 0; sleep 10")));
  }

  @Test
  void the_commands_arguments_are_its_own_whatever_they_look_like() throws Exception {
    assertEquals("-n 7 -- -p ", run(command("printf '%s ' -n 7 -- -p"), ""));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "no-such-program-x a | no program \"no-such-program-x\"",
        "/no/such/program    | no program \"/no/such/program\"",
        "/tmp                | no program \"/tmp\"",
        "./no-such-program   | no program \"./no-such-program\"",
        "/etc/passwd         | \"/etc/passwd\" is not executable",
        "'\"\"'                | no program \"\"",
        "cat \"              | not closed"
      })
  void a_command_that_cannot_run_is_refused(String command, String says) {
    String message = Thrown.message(IllegalArgumentException.class, () -> command(command));
    assertTrue(message.startsWith("executor.command: "), message);
    assertTrue(message.contains(says), message);
  }

  @ParameterizedTest
  @CsvSource({
    "permanent_exit_codes,0",
    "permanent_exit_codes,256",
    "permanent_exit_codes,'65,66'",
    "permanent_exit_codes,x",
    "working_directory,/no/such/folder",
    "comand,cat"
  })
  void settings_that_cannot_work_are_refused_by_name(String name, String value) {
    Map<String, String> settings = Map.of("command", "cat", name, value);
    String message =
        Thrown.message(
            IllegalArgumentException.class, () -> configured(new ShellCommand(), settings));
    assertTrue(message.startsWith("executor." + name + ": "), message);
  }

  @Test
  void the_command_is_required() {
    String message =
        Thrown.message(
            IllegalArgumentException.class, () -> configured(new ShellCommand(), Map.of()));
    assertTrue(message.startsWith("executor.command: missing"), message);
  }

  @Test
  void an_unknown_setting_is_refused_with_those_that_there_are() {
    String message =
        Thrown.message(
            IllegalArgumentException.class,
            () -> configured(new ShellCommand(), Map.of("command", "cat", "comand", "secret")));
    assertEquals(
        "executor.comand: unknown setting; did you mean executor.command? ShellCommand takes"
            + " executor.command, executor.permanent_exit_codes, executor.working_directory",
        message);
  }
}
