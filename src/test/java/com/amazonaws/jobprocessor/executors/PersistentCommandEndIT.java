package com.amazonaws.jobprocessor.executors;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Interrupts and the end: no process, thread or file is left behind. */
@Tag("long")
@EnabledOnOs(OS.LINUX)
@Timeout(120)
class PersistentCommandEndIT {
  /** Writes its process id to the file that is its argument, then sleeps. */
  private static final String SLEEPER =
      "sleeper() { sh -c 'echo $$ > \"$0.part\"; mv \"$0.part\" \"$0\"; exec sleep 1000' $1; }; ";

  @TempDir Path folder;

  private Commands commands() {
    return new Commands(folder);
  }

  private static String run(PersistentCommand executor, String job) throws Exception {
    return String.valueOf(executor.execute(job, Jobs.job()));
  }

  private static long threads() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith("command-"))
        .count();
  }

  private static List<Path> pipes() throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files
          .filter(f -> f.getFileName().toString().startsWith("job-processor-pipes"))
          .toList();
    }
  }

  @Test
  void an_interrupt_ends_the_process_its_children_and_the_reparented() throws Exception {
    String script =
        SLEEPER
            + "echo $$ > command; read -r line; sleeper child & (sleeper orphan > /dev/null 2>&1 &);"
            + " setsid sh -c 'echo $$ > session; touch begun; exec sleep 1000' & wait";
    try (PersistentCommand executor = commands().shell(script)) {
      Commands.Running job = Commands.start(executor, "job");
      List.of("child", "orphan", "begun").forEach(commands()::awaitFile);

      job.interrupt();

      assertInstanceOf(InterruptedException.class, job.failure());
      for (String each : List.of("command", "child", "orphan", "session")) {
        commands().assertEnded(each);
      }
    }
  }

  @Test
  void what_ignores_sigterm_is_killed_within_the_workers_five_seconds() throws Exception {
    long least = Long.MAX_VALUE;
    for (int round = 1; round <= 3 && least >= 4_500; round++) { // a machine may pause
      Files.deleteIfExists(folder.resolve("begun"));
      try (PersistentCommand executor =
          commands()
              .shell("trap '' TERM; echo $$ > pid; read -r l; touch begun; exec sleep 1000")) {
        Commands.Running job = Commands.start(executor, "job");
        commands().awaitFile("begun");
        long start = System.nanoTime();

        job.interrupt();

        assertInstanceOf(InterruptedException.class, job.failure());
        least = Math.min(least, Duration.ofNanos(System.nanoTime() - start).toMillis());
        commands().assertEnded("pid");
      }
    }
    assertTrue(least < 4_500, least + " ms");
  }

  @Test
  void an_interrupt_ends_a_start_a_long_job_and_a_pause() throws Exception {
    try (PersistentCommand executor = commands().shell("echo $$ > pid; exec sleep 1000")) {
      for (String job : List.of("small", "x".repeat(1 << 20))) {
        Files.deleteIfExists(folder.resolve("pid"));
        Commands.Running running = Commands.start(executor, job);
        commands().awaitFile("pid");
        running.interrupt();
        assertInstanceOf(InterruptedException.class, running.failure());
        commands().assertEnded("pid");
      }
    }
    try (PersistentCommand executor =
        commands().shell("head -c 5000 > /dev/null; touch begun; exec sleep 1000")) {
      Commands.Running running = Commands.start(executor, "x".repeat(1 << 20));
      commands().awaitFile("begun");
      running.interrupt();
      assertInstanceOf(InterruptedException.class, running.failure());
    }
    await().atMost(60, SECONDS).until(() -> threads() == 0);
  }

  @Test
  void a_program_need_not_read_all_of_its_job() throws Exception {
    String half = "head -c 100 > /dev/null; echo '{\"result\":\"enough\"}'; exec sleep 1000";
    try (PersistentCommand executor = commands().shell(half)) {
      long least = Long.MAX_VALUE;
      for (int i = 0; i < 3; i++) {
        long start = System.nanoTime();
        assertEquals("enough", run(executor, "x".repeat(500_000)));
        least = Math.min(least, Duration.ofNanos(System.nanoTime() - start).toMillis());
      }
      assertTrue(least < 4_000, least + " ms, though the answer was there");
    }
  }

  @Test
  void an_interrupt_that_came_before_counts() throws Exception {
    try (PersistentCommand executor = commands().shell(Commands.echo())) {
      assertEquals("job", run(executor, "job"));
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, () -> run(executor, "job"));
      assertEquals("next", run(executor, "next"));
    }
  }

  /** A background process that clears its environment escapes, but it holds nobody up. */
  @Test
  void who_has_escaped_and_holds_the_outputs_is_not_waited_for() throws Exception {
    String script =
        "read -r line; env -i setsid sh -c 'echo $$ > escaped; exec sleep 1000' & touch begun;"
            + " while [ ! -e escaped ]; do sleep 0.02; done; kill -9 $$";
    try (PersistentCommand executor = commands().shell(script)) {
      Commands.Running job = Commands.start(executor, "job");
      commands().awaitFile("escaped");
      await().atMost(60, SECONDS).until(() -> Files.size(folder.resolve("escaped")) > 0);
      long escaped = Long.parseLong(commands().text("escaped"));
      try {
        job.interrupt();
        assertInstanceOf(InterruptedException.class, job.failure());
      } finally {
        ProcessHandle.of(escaped).ifPresent(ProcessHandle::destroyForcibly);
      }
    }
    await().atMost(60, SECONDS).until(() -> threads() == 0);
  }

  @Test
  void at_the_end_a_program_that_reads_on_ends_by_itself_and_others_are_ended() throws Exception {
    String script =
        "echo $$ >> pids; trap 'touch sigterm' TERM; while read -r line; do"
            + " echo '{\"result\":\"x\"}'; case $line in *stay*) while :; do sleep 0.1; done;; esac;"
            + " done; touch cleaned";
    for (int round = 1; round <= 3 && !Files.exists(folder.resolve("cleaned")); round++) {
      Files.deleteIfExists(folder.resolve("sigterm")); // a machine may pause for two seconds
      try (PersistentCommand executor = commands().shell(script)) {
        assertEquals("x", run(executor, "job"));
      }
    }
    assertTrue(Files.exists(folder.resolve("cleaned")));
    assertTrue(Files.notExists(folder.resolve("sigterm")));

    PersistentCommand stubborn = commands().shell(script);
    try (stubborn) {
      assertEquals("x", run(stubborn, "stay"));
    }
    assertTrue(Files.exists(folder.resolve("sigterm")));
    for (String pid : commands().text("pids").lines().toList()) {
      assertTrue(Commands.hasEnded(Long.parseLong(pid)), pid);
    }
  }

  @Test
  void the_end_ends_many_processes_at_the_same_time() throws Exception {
    String script =
        "trap '' TERM; read -r l; touch $$; while [ $(ls | grep -c '^[0-9]') -lt 20 ]; do sleep 0.1;"
            + " done; echo '{\"result\":\"x\"}'; exec sleep 1000";
    PersistentCommand executor = commands().shell(script);
    long start;
    try (executor) {
      List<Commands.Running> jobs = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        jobs.add(Commands.start(executor, "job"));
      }
      jobs.forEach(job -> assertEquals("x", job.result().join()));
      start = System.nanoTime();
    }
    long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
    assertTrue(millis < 30_000, millis + " ms; one by one it takes 80 s");
  }

  @Test
  void of_programs_that_will_not_end_there_are_never_many() throws Exception {
    String script =
        "echo $$ >> pids; read -r l; echo '{\"result\":\"x\"}'; trap '' TERM; exec sleep 1000";
    try (PersistentCommand executor = commands().shell(script, "max_jobs_per_process", "1")) {
      for (int i = 0; i < 30; i++) {
        assertEquals("x", run(executor, "job"));
        long alive =
            commands()
                .text("pids")
                .lines()
                .filter(pid -> !Commands.hasEnded(Long.parseLong(pid)))
                .count();
        assertTrue(alive <= 18, alive + " at the same time");
      }
    }
  }

  /** Its job may be over its time limit soon. */
  @Test
  void an_answer_does_not_wait_for_the_end_of_its_process() throws Exception {
    String script = "trap '' TERM; read -r l; echo '{\"result\":\"x\"}'; exec sleep 1000";
    long longest = Long.MAX_VALUE;
    for (int round = 1; round <= 3 && longest >= 3_000; round++) { // a machine may pause
      longest = 0;
      try (PersistentCommand executor = commands().shell(script, "max_jobs_per_process", "1")) {
        for (int i = 0; i < 20; i++) {
          long start = System.nanoTime();
          assertEquals("x", run(executor, "job"));
          long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
          longest = Math.max(longest, millis);
        }
      }
    }
    assertTrue(longest < 3_000, longest + " ms");
  }

  @Test
  void no_thread_no_descriptor_and_no_file_is_left_behind() throws Exception {
    List<Path> before = pipes();
    long descriptors = 0;
    try (PersistentCommand executor =
        commands().shell(Commands.echo(), "max_jobs_per_process", "2")) {
      for (int i = 0; i < 60; i++) {
        assertEquals("x".repeat(10_000), run(executor, "x".repeat(10_000)));
        if (i == 20) {
          await().atMost(60, SECONDS).until(() -> threads() <= 1);
          descriptors = descriptors();
        }
      }
      await().atMost(60, SECONDS).until(() -> threads() <= 1);
      assertTrue(descriptors() <= descriptors + 10, descriptors + " and now " + descriptors());
    }
    await().atMost(60, SECONDS).until(() -> threads() == 0);
    List<Path> after = new ArrayList<>(pipes());
    after.removeAll(before);
    // Those of tests beside this one go as well.
    await().atMost(60, SECONDS).until(() -> after.stream().noneMatch(Files::exists));
  }

  private static long descriptors() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }
}
