package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.amazonaws.jobprocessor.ExecutorUnavailable;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Jobs, answers, and which process gets them; what goes wrong, and ends, is in integration tests.
 */
@EnabledOnOs(OS.LINUX)
@Timeout(60)
class PersistentCommandProcessIT {
  private static final String PID_OF_EACH =
      "while read -r line; do echo \"{\\\"result\\\":\\\"$$\\\"}\"; done";

  @TempDir Path folder;

  private Commands commands() {
    return new Commands(folder);
  }

  private static String run(PersistentCommand executor, String job) throws Exception {
    return String.valueOf(executor.execute(job, Jobs.job()));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"hello", "", "grüße 😀", "a\nb\r\tc \\ \" / \u0000 \u2028", "{\"a\":1}\n"})
  void the_job_is_a_line_and_the_answer_is_one(String job) throws Exception {
    try (PersistentCommand executor = commands().shell(Commands.echo())) {
      assertEquals(job, run(executor, job));
    }
  }

  /** 4 KiB is what is written at once, 16 KiB what is read, 64 KiB what a pipe holds. */
  @Test
  void jobs_and_results_of_any_size_come_through_by_one_process() throws Exception {
    try (PersistentCommand executor = commands().shell("echo $$ >> pids; " + Commands.echo())) {
      for (int size : List.of(4_000, 4_096, 4_097, 16_384, 65_536, 70_000, 1 << 20, 3 << 20)) {
        String job = "x".repeat(size - 3) + "\n😀";
        assertEquals(job, run(executor, job));
        assertEquals("small", run(executor, "small"));
      }
      assertFalse(commands().text("pids").contains("\n"), "one process");
    }
  }

  @Test
  void a_result_as_large_as_any_may_be() throws Exception {
    String many = "yes aaaaaaaaaaaaaaa | head -c 67108864 | tr '\\n' a";
    try (PersistentCommand executor =
        commands().shell("read -r line; printf '{\"result\":\"'; " + many + "; echo '\"}'; cat")) {
      assertEquals(64 * 1024 * 1024, run(executor, "job").length());
    }
  }

  @Test
  void one_process_does_one_job_after_the_other() throws Exception {
    try (PersistentCommand executor = commands().shell(PID_OF_EACH)) {
      Set<String> pids = new HashSet<>();
      for (int i = 0; i < 50; i++) {
        pids.add(run(executor, "job " + i));
      }
      assertEquals(1, pids.size(), pids.toString());
    }
  }

  @Test
  void jobs_at_the_same_time_have_a_process_each() throws Exception {
    String barrier =
        "while read -r line; do echo $$ >> pids;"
            + " while [ $(wc -l < pids) -lt 3 ]; do sleep 0.02; done;"
            + " echo \"{\\\"result\\\":\\\"$$\\\"}\"; done";
    try (PersistentCommand executor = commands().shell(barrier)) {
      List<Commands.Running> jobs =
          IntStream.range(0, 3).mapToObj(i -> Commands.start(executor, "job")).toList();
      Set<String> pids = new HashSet<>();
      jobs.forEach(job -> pids.add(String.valueOf(job.result().join())));
      assertEquals(3, pids.size(), pids.toString());
    }
  }

  @Test
  void after_its_number_of_jobs_a_process_is_replaced() throws Exception {
    try (PersistentCommand executor =
        commands().shell("echo $$ > pid; " + PID_OF_EACH, "max_jobs_per_process", "3")) {
      List<String> pids = new java.util.ArrayList<>();
      for (int i = 0; i < 7; i++) {
        pids.add(run(executor, "job"));
        if (i == 2) {
          commands().assertEnded("pid");
        }
      }
      assertEquals(Set.of(pids.get(0)), Set.copyOf(pids.subList(0, 3)));
      assertEquals(Set.of(pids.get(3)), Set.copyOf(pids.subList(3, 6)));
      assertEquals(3, new HashSet<>(pids).size(), pids.toString());
    }
  }

  /** Whether the worker sees the end before it sends the next job or not. */
  @Test
  void a_program_that_ends_by_itself_between_jobs_costs_none() throws Exception {
    try (PersistentCommand executor = commands().shell("echo $$ >> pids; " + Commands.echo(3))) {
      for (int i = 0; i < 40; i++) {
        assertEquals("job " + i, run(executor, "job " + i));
      }
      assertEquals(14, commands().text("pids").lines().count());
    }
  }

  @Test
  void a_program_may_take_its_time_until_it_reads() throws Exception {
    try (PersistentCommand executor =
        commands().shell("while [ ! -e loaded ]; do sleep 0.02; done; " + Commands.echo())) {
      Commands.Running job = Commands.start(executor, "job");
      Files.createFile(folder.resolve("loaded"));
      assertEquals("job", job.result().join());
    }
  }

  @Test
  void blank_lines_and_line_ends_of_windows_are_harmless() throws Exception {
    String blank =
        "while read -r line; do printf '\\n \\r\\n{\"result\":\"x\"}\\r\\n\\n  \\n'; done";
    try (PersistentCommand executor = commands().shell("echo $$ >> pids; " + blank)) {
      for (int i = 0; i < 20; i++) {
        assertEquals("x", run(executor, "job"));
      }
      assertEquals(1, commands().text("pids").lines().count());
    }
  }

  @Test
  void the_environment_has_no_secret_and_no_job() throws Exception {
    Map<String, String> worker =
        Map.of("PATH", System.getenv("PATH"), "AWS_SECRET_ACCESS_KEY", "hush", "COLOUR", "blue");
    PersistentCommand executor = new PersistentCommand(worker);
    Path script = folder.resolve("env.sh");
    Files.writeString(
        script,
        "while read -r line; do echo \"{\\\"result\\\":\\\"$(env | tr '\\n' ' ')\\\"}\"; done");
    executor.configure(Map.of("command", "sh " + script));
    try (executor) {
      String variables = run(executor, "job");
      assertTrue(variables.contains("COLOUR=blue"), variables);
      assertTrue(variables.contains("PYTHONUNBUFFERED=1"), variables);
      assertTrue(variables.contains("JOB_PROCESSOR_RUN="), variables);
      assertFalse(variables.contains("hush"), variables);
      assertFalse(variables.contains("JOB_ID"), variables);
    }
  }

  @Test
  void the_kernel_kills_the_command_rather_than_the_worker() throws Exception {
    assumeTrue(DetachedCommand.isPossible(), "Linux with util-linux");
    String score =
        "while read -r l; do echo \"{\\\"result\\\":\\\"$(cat /proc/self/oom_score_adj)\\\"}\"; done";
    try (PersistentCommand executor = commands().shell(score)) {
      assertEquals("500", run(executor, "job"));
    }
    assertNotEquals("500", Files.readString(Path.of("/proc/self/oom_score_adj")).strip());
  }

  @ParameterizedTest
  @CsvSource({
    "command,no-such-program-x,there is no program",
    "command,\"cat,not closed",
    "max_jobs_per_process,0,not a whole number from 1 to 999999999",
    "max_jobs_per_process,x,not a whole number from 1 to 999999999",
    "start_timeout_in_secs,0,not a whole number from 1 to 3600",
    "start_timeout_in_secs,3601,not a whole number from 1 to 3600",
    "working_directory,/no/such/folder,is not a directory",
    "comand,cat,unknown setting"
  })
  void settings_that_cannot_work_are_refused_by_name(String name, String value, String says) {
    Map<String, String> settings = new java.util.HashMap<>(Map.of("command", "cat"));
    settings.put(name, value);
    String message =
        Thrown.message(
            IllegalArgumentException.class, () -> new PersistentCommand().configure(settings));
    assertTrue(message.startsWith("executor." + name + ": "), message);
    assertTrue(message.contains(says), message);
  }

  @Test
  void the_command_is_required_and_an_unknown_setting_names_the_known() {
    PersistentCommand executor = new PersistentCommand();
    String missing =
        Thrown.message(IllegalArgumentException.class, () -> executor.configure(Map.of()));
    assertTrue(missing.startsWith("executor.command: missing; PersistentCommand needs"), missing);
    String unknown =
        Thrown.message(
            IllegalArgumentException.class,
            () -> executor.configure(Map.of("command", "cat", "slots", "2")));
    assertEquals(
        "executor.slots: unknown setting; PersistentCommand takes executor.command,"
            + " executor.max_jobs_per_process, executor.start_timeout_in_secs,"
            + " executor.working_directory",
        unknown);
  }

  @Test
  void after_its_end_it_takes_no_job() throws Exception {
    PersistentCommand executor = commands().shell(Commands.echo());
    executor.close();
    assertEquals(
        "cannot run \"./main\": the worker stops",
        Thrown.message(ExecutorUnavailable.class, () -> run(executor, "job")));
  }
}
