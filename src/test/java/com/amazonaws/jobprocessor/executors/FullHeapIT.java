package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands beside jobs that take all of the heap again and again. */
@Tag("long")
@Timeout(120)
class FullHeapIT {
  private static final int SIZE = 2_000_000;

  /** Says for each of many jobs, which ask how long they are, what came of it. */
  static final class Beside {
    private static volatile @Nullable Object @Nullable [] all;

    private Beside() {}

    public static void main(String[] args) throws Exception {
      String job = "x".repeat(SIZE);
      try (PersistentCommand lasting = new PersistentCommand()) {
        ShellCommand shell = new ShellCommand();
        JobAwareExecutor executor = args[0].equals("ShellCommand") ? shell : lasting;
        Map<String, String> settings = Map.of("command", args[1]);
        if (executor == lasting) {
          lasting.configure(settings);
        } else {
          shell.configure(settings);
        }
        System.out.println(resultOf(executor, job)); // what is needed of classes is loaded
        Thread.ofPlatform().daemon().start(Beside::fill);
        long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
        while (System.nanoTime() - end < 0) {
          say(resultOf(executor, job));
        }
      }
      Runtime.getRuntime().halt(0);
    }

    private static void fill() {
      while (true) {
        try {
          while (true) {
            all = new Object[] {all, new byte[200]};
          }
        } catch (OutOfMemoryError e) {
          pause(10);
          all = null;
          pause(5);
        }
      }
    }

    private static void pause(long millis) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException | OutOfMemoryError e) {
        // soon enough
      }
    }

    private static String resultOf(JobAwareExecutor executor, String job) {
      FutureTask<String> result =
          new FutureTask<>(
              () -> executor.execute(job, new JobContext("j", "m", 1, Map.of())).strip());
      try {
        Thread.ofPlatform().daemon().start(result);
        return result.get(10, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        return "hangs";
      } catch (ExecutionException | InterruptedException | OutOfMemoryError e) {
        return "failed";
      }
    }

    private static void say(String what) {
      for (int i = 0; i < 100; i++) {
        try {
          System.out.println(what);
          return;
        } catch (OutOfMemoryError e) {
          pause(5);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"ShellCommand", "PersistentCommand"})
  void no_command_takes_a_part_of_its_job_for_the_whole_nor_waits_for_the_rest(
      String executor, @TempDir Path folder) throws Exception {
    List<String> said = run(executor, executor.equals("ShellCommand") ? "wc -c" : lasting(folder));

    assertEquals(Integer.toString(SIZE), said.getFirst());
    assertEquals(
        List.of(),
        said.stream().filter(l -> !l.equals("failed") && !l.equals("" + SIZE)).toList(),
        said::toString);
    assertTrue(said.contains("failed"), "the heap was never full");
  }

  private static String lasting(Path folder) throws IOException {
    Path program = folder.resolve("lengths.py");
    Files.writeString(
        program,
        """
        import json, sys
        for line in sys.stdin:
            print(json.dumps({"result": str(len(json.loads(line)["body"]))}), flush=True)
        """);
    return "python3 " + program;
  }

  private static List<String> run(String executor, String command) throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx48m",
                "-XX:+UseSerialGC",
                "-Xlog:disable",
                "-cp",
                System.getProperty("java.class.path"),
                Beside.class.getName(),
                executor,
                command)
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .toList();
    } finally {
      process.destroyForcibly();
    }
  }
}
