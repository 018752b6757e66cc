package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.JobAwareExecutor;
import com.amazonaws.jobprocessor.JobContext;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
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
@Timeout(300)
class FullHeapIT {
  private static final int SIZE = 2_000_000;

  /** Says for each of many jobs, which ask how long they are, what came of it. */
  static final class Beside {
    private static volatile @Nullable Object @Nullable [] all;
    private static volatile boolean relieved;

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
          do {
            pause(5);
          } while (relieved);
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
        return resultWithAllTheHeap(result);
      } catch (ExecutionException | InterruptedException | OutOfMemoryError e) {
        return "failed";
      }
    }

    /** Slow is not stuck: the collector may take nearly all of the time. */
    private static String resultWithAllTheHeap(FutureTask<String> result) {
      relieved = true;
      try {
        return result.get(20, TimeUnit.SECONDS);
      } catch (TimeoutException e) {
        return "stuck";
      } catch (ExecutionException | InterruptedException | OutOfMemoryError e) {
        return "failed";
      } finally {
        relieved = false;
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
  void no_command_takes_a_part_of_its_job_for_the_whole(String executor, @TempDir Path folder)
      throws Exception {
    List<String> said =
        run(executor, executor.equals("ShellCommand") ? script(folder) : lasting(folder));

    assertEquals(Integer.toString(SIZE), said.getFirst());
    List<String> parts = new ArrayList<>(said);
    if (executor.equals("ShellCommand")) {
      parts.addAll(Files.readAllLines(folder.resolve("sizes")));
    }
    // Without memory the JDK may start a command and give it no input, or not see its end.
    parts.removeAll(List.of(Integer.toString(SIZE), "0", "failed", "stuck"));
    assertEquals(List.of(), parts);
  }

  /** What reads the job is a child. */
  private static String script(Path folder) throws IOException {
    Path script = folder.resolve("script");
    Files.writeString(script, "wc -c >>" + folder.resolve("sizes") + "\necho " + SIZE + "\n");
    return "sh " + script;
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
