package com.amazonaws.jobprocessor.executors;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.amazonaws.jobprocessor.ChildJvm;
import com.amazonaws.jobprocessor.JobContext;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A command beside jobs that take all of the heap again and again. */
@Tag("long")
@Timeout(300)
class FullHeapIT {
  private static final int SIZE = 2_000_000;

  /** Says for each of many jobs, which ask how long they are, what came of it. */
  static final class Beside {
    private static volatile @Nullable Object @Nullable [] all;
    private static volatile boolean relieved;

    private Beside() {}

    public static void main(String[] args) {
      String job = "x".repeat(SIZE);
      ShellCommand shell = new ShellCommand();
      shell.configure(Map.of("command", args[0]));
      System.out.println(resultOf(shell, job)); // what is needed of classes is loaded
      Thread.ofPlatform().daemon().start(Beside::fill);
      long end = System.nanoTime() + Duration.ofSeconds(15).toNanos();
      while (System.nanoTime() - end < 0) {
        say(resultOf(shell, job));
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

    private static String resultOf(ShellCommand executor, String job) {
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

  @Test
  void no_command_takes_a_part_of_its_job_for_the_whole(@TempDir Path folder) throws Exception {
    Path sizes = folder.resolve("sizes");
    Path script = folder.resolve("script");
    // What reads the job is a child.
    Files.writeString(script, "wc -c >>" + sizes + "\necho " + SIZE + "\n");

    ChildJvm.Ended ended =
        ChildJvm.run(
            List.of("-Xmx48m", "-XX:+UseSerialGC", "-Xlog:disable"), Beside.class, "sh " + script);

    List<String> said = new ArrayList<>(ended.out().lines().toList());
    assertEquals(Integer.toString(SIZE), said.getFirst());
    said.addAll(Files.readAllLines(sizes));
    // Without memory the JDK may start a command and give it no input, or not see its end.
    said.removeAll(List.of(Integer.toString(SIZE), "0", "failed", "stuck"));
    assertEquals(List.of(), said);
  }
}
