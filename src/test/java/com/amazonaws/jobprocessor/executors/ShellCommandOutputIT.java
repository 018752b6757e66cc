package com.amazonaws.jobprocessor.executors;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a command prints: all of it is the result, or none; the end of its errors is told. */
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class ShellCommandOutputIT {
  private static final int MEBIBYTE = 1024 * 1024;

  private static ShellCommand command(String command) {
    ShellCommand executor = new ShellCommand();
    executor.configure(Map.of("command", command));
    return executor;
  }

  private static ShellCommand shell(String script) {
    return command("sh -c '" + script + "'");
  }

  private static String run(ShellCommand executor, String job) throws Exception {
    return executor.execute(job, Jobs.job());
  }

  private static String failure(Class<? extends Throwable> type, ShellCommand executor) {
    return Thrown.message(type, () -> run(executor, "job"));
  }

  private static long temporaryFiles() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.filter(file -> target(file).contains("job-processor-result")).count();
    }
  }

  private static String target(Path link) {
    try {
      return Files.readSymbolicLink(link).toString();
    } catch (IOException e) {
      return ""; // closed meanwhile
    }
  }

  @Test
  void a_result_of_64_mebibytes_is_taken_unchanged() throws Exception {
    String line = "grüße 😀 ".repeat(1_000);
    String job = line.repeat(64 * MEBIBYTE / line.getBytes(StandardCharsets.UTF_8).length);
    String result = run(command("cat"), job);
    assertEquals(job.length(), result.length());
    assertArrayEquals(job.toCharArray(), result.toCharArray());
    assertEquals(0, temporaryFiles());
  }

  @Test
  void one_byte_more_is_a_failure() {
    assertEquals(
        "the command's output has more than 64 MiB",
        failure(ResultTooLarge.class, command("head -c 67108865 /dev/zero")));
  }

  @Test
  void a_large_result_loses_its_line_ends_only() throws Exception {
    String result = run(shell("head -c 2000000 /dev/zero | tr \"\\0\" x; echo; echo"), "job");
    assertEquals(2_000_000, result.length());
  }

  @Test
  void a_command_that_prints_for_ever_is_killed() throws Exception {
    assertEquals(
        "the command's output has more than 64 MiB", failure(ResultTooLarge.class, command("yes")));
    assertEquals(0, temporaryFiles());
  }

  @ParameterizedTest
  @CsvSource({"\\377,FF,0", "abc\\303,C3,3", "abc\\355\\240\\200,ED,3", "\\300\\200,C0,0"})
  void output_that_is_not_utf_8_is_a_failure_that_says_where(String printed, String bad, int at) {
    assertEquals(
        "the command's output is not text in UTF-8: byte 0x" + bad + " at offset " + at,
        failure(ResultNotText.class, shell("printf \"" + printed + "\"")));
  }

  /** Without INT and QUIT: a shell script that starts the tests in the background ignores them. */
  @ParameterizedTest
  @CsvSource({
    "HUP,1",
    "ILL,4",
    "TRAP,5",
    "ABRT,6",
    "BUS,7",
    "FPE,8",
    "KILL,9",
    "USR1,10",
    "SEGV,11",
    "USR2,12",
    "PIPE,13",
    "ALRM,14",
    "TERM,15",
    "XCPU,24",
    "XFSZ,25",
    "VTALRM,26",
    "PROF,27",
    "IO,29",
    "PWR,30",
    "SYS,31"
  })
  void a_signal_is_told_by_its_name_and_that_of_a_shells_command_too(String name, int number) {
    int status = 128 + number;
    String message = "killed by SIG" + name + " (exit status " + status + ")";
    assertEquals(
        message, failure(CommandFailed.class, shell("ulimit -c 0; kill -" + number + " $$")));
    String nested =
        failure(CommandFailed.class, shell("sh -c \"kill -" + number + " \\$\\$\"; exit $?"));
    assertTrue(nested.startsWith(message), nested);
  }

  @Test
  void a_status_that_no_signal_gives_is_only_a_status() {
    for (int status : new int[] {1, 127, 128, 145, 146, 147, 193, 255}) {
      assertEquals("exit status " + status, failure(CommandFailed.class, shell("exit " + status)));
    }
  }

  @Test
  void what_was_said_before_a_signal_is_told() {
    assertEquals(
        "killed by SIGKILL (exit status 137): out of luck",
        failure(CommandFailed.class, shell("echo out of luck >&2; kill -9 $$")));
  }

  @Test
  void of_megabytes_of_errors_the_end_is_told() {
    String message =
        failure(
            CommandFailed.class,
            shell(
                "yes \"  File app.py, line 7\" | head -n 200000 >&2; echo KeyError: 42 >&2; exit 1"));
    assertTrue(message.startsWith("exit status 1: File app.py, line 7\n"), message);
    assertTrue(message.endsWith("\nKeyError: 42"), message);
    assertTrue(message.length() > 800 && message.length() < 1_000, message);
  }

  @Test
  void errors_that_are_not_utf_8_are_told_as_far_as_they_can_be_read() {
    String message = failure(CommandFailed.class, shell("printf \"caf\\351 gone\\n\" >&2; exit 1"));
    assertEquals("exit status 1: caf\uFFFD gone", message);
  }

  @Test
  void errors_full_of_bytes_that_are_no_text_do_not_push_out_the_end() {
    String message =
        failure(
            CommandFailed.class,
            shell("head -c 5000 /dev/zero | tr \"\\0\" \"\\377\" >&2; echo no disk >&2; exit 1"));
    assertTrue(message.endsWith("no disk"), message);
    assertTrue(message.getBytes(StandardCharsets.UTF_8).length <= 1024, message);
  }

  @Test
  void colours_and_control_characters_are_no_part_of_the_message() {
    String message =
        failure(
            CommandFailed.class,
            shell("printf \"\\033[1;31merror\\033[0m: no\\001 disk\\r\\nat \\tx\\n\" >&2; exit 1"));
    assertEquals("exit status 1: error: no  disk\nat \tx", message);
  }

  @Test
  void closed_streams_hold_nobody_up() throws Exception {
    String job = "x".repeat(2 * MEBIBYTE);
    assertEquals("done", run(shell("exec <&-; echo done"), job));
    assertEquals("", run(shell("exec >&- 2>&-; exit 0"), job));
    assertEquals(
        "exit status 3",
        Thrown.message(CommandFailed.class, () -> run(shell("exec 2>&- <&-; exit 3"), job)));
    await()
        .until(
            () ->
                Thread.getAllStackTraces().keySet().stream()
                    .noneMatch(thread -> thread.getName().equals("command-input")));
  }
}
