package com.amazonaws.jobprocessor.boss.store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Not one of the tests: opens a large embedded database again and again in processes of their own,
 * which commit to it, or do not, and are killed, or close it; counts the starts that do not find
 * what was committed. See decision 16.
 */
class KillBench {
  private static final PrintStream OUT =
      new PrintStream(new FileOutputStream(FileDescriptor.out), true, StandardCharsets.UTF_8);
  private static final int CHUNK = 50_000;
  private static final int[] SLEEPS = {0, 300, 1_500};

  private final int tasks = Integer.getInteger("boss.bench.tasks", 1_000_000);
  private final int starts = Integer.getInteger("boss.bench.starts", 100);
  private final Random random = new Random(1);

  @TempDir Path folder;

  private static Tasks tasks(Database database) {
    InstantSource clock = InstantSource.system();
    Settings settings = new Settings(database, ZoneId.of("UTC"));
    return new Tasks(database, settings, new Actions(database, clock), clock);
  }

  /** Says the name of the newest batch, and commits one more if it is told to. */
  static final class Child {
    public static void main(String[] arguments) throws Exception {
      Database database = Database.embedded(Path.of(arguments[0]));
      int newest =
          Integer.parseInt(
              new Census(database, InstantSource.system())
                  .batches(Long.MAX_VALUE, 1)
                  .getFirst()
                  .name());
      System.out.println(newest);
      if (Boolean.parseBoolean(arguments[1])) {
        String name = Integer.toString(newest + 1);
        tasks(database).create("child", name, List.of(new NewTask("n", "p", 0)), null);
      }
      Thread.sleep(Long.parseLong(arguments[2]));
      if (Boolean.parseBoolean(arguments[3])) {
        Runtime.getRuntime().halt(0);
      }
      database.close();
    }
  }

  @Test
  void every_start_finds_what_was_committed() throws Exception {
    try (Database database = Database.embedded(folder)) {
      Tasks all = tasks(database);
      for (int from = 0; from < tasks; from += CHUNK) {
        List<NewTask> some = new ArrayList<>();
        for (int i = from; i < Math.min(tasks, from + CHUNK); i++) {
          some.add(new NewTask("account " + i, "payload " + i, 0));
        }
        all.create("bench", "0", some, null);
      }
    }
    int committed = 0;
    int lost = 0;
    for (int i = 0; i < starts; i++) {
      boolean writes = random.nextBoolean();
      int found = start(writes, SLEEPS[random.nextInt(SLEEPS.length)], random.nextBoolean());
      lost += found == committed ? 0 : 1;
      committed = found + (writes ? 1 : 0);
    }
    OUT.printf("H2  %,d tasks, %d starts: %d did not find all%n", tasks, starts, lost);
    assertEquals(0, lost);
  }

  private int start(boolean writes, int sleep, boolean kill) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                Child.class.getName(),
                folder.toString(),
                Boolean.toString(writes),
                Integer.toString(sleep),
                Boolean.toString(kill))
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(0, child.waitFor());
    return Integer.parseInt(said.strip());
  }
}
